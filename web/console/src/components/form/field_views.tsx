// SPDX-License-Identifier: Apache-2.0
// How the fields of a form are called and shown wherever changes are compared.
import type { FieldViews } from '@interlock/react';
import { useFormat } from '@interlock/react';
import { useMemo } from 'react';
import { useById } from '../../lib/live_many';
import { usePeople } from '../../lib/people';
import { useT } from '../../texts/context';
import type { FieldKind, FieldSpec, Values } from './field_spec';

/** Of a record: with the names of what it refers to. */
export function useFieldViews<R extends object>(specs: readonly FieldSpec[], record: R): FieldViews<R> {
  const t = useT();
  const people = usePeople();
  const format = useFormat();
  const values = record as Values;
  const refs = (kind: FieldKind) =>
    specs.filter((spec) => spec.kind === kind).map(({ name }) => values[name] as string | null);
  const products = useById('products', refs('products'));
  const customers = useById('customers', refs('customers'));
  const partners = useById('partners', refs('partners'));
  const currency = String(values.currency ?? '');
  return useMemo(() => {
    const finders = { products, customers, partners };
    const viewOf = ({ kind, label }: FieldSpec) => {
      const view = { label: t(label) };
      switch (kind) {
        case 'user':
          return {
            ...view,
            format: (id: never) => people.nameOf(id),
            edit: personEditor(people.active, t('common.nobody')),
          };
        case 'products':
        case 'customers':
        case 'partners':
          return { ...view, format: (id: never) => finders[kind].find(id)?.name ?? t('pick.unknown') };
        case 'price':
          return {
            ...view,
            format: (minor: never) => format.money(minor, currency),
          };
        case 'date':
          return { ...view, edit: dateEditor };
        default:
          return view;
      }
    };
    return Object.fromEntries(specs.map((spec) => [spec.name, viewOf(spec)])) as unknown as FieldViews<R>;
  }, [specs, t, people, format, products, customers, partners, currency]);
}

interface EditorProps {
  readonly id: string;
  readonly value: string | null;
  readonly label: string;
  onChange(value: string | null): void;
}

function personEditor(users: readonly { id: string; name: string }[], nobody: string) {
  return ({ id, value, label, onChange }: EditorProps) => (
    <select
      id={id}
      className="il-input"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{nobody}</option>
      {users.map((user) => (
        <option key={user.id} value={user.id}>
          {user.name}
        </option>
      ))}
    </select>
  );
}

function dateEditor({ id, value, label, onChange }: EditorProps) {
  return (
    <input
      id={id}
      type="date"
      className="il-input"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    />
  );
}
