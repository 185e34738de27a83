// SPDX-License-Identifier: Apache-2.0
// The fields of a record that is being edited: with what others changed meanwhile, and with the reason if it was not saved.
import type { LiveCollectionName, RecordOf } from '@interlock/client';
import { Notice, ProblemMessage, type RecordEdit, useFormat } from '@interlock/react';
import { SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { useT } from '../../texts/context';
import { FieldInput } from './field_input';
import type { FieldSpec, Values } from './field_spec';
import { useFieldViews } from './field_views';

interface Props<C extends LiveCollectionName> {
  readonly record: RecordOf<C>;
  readonly specs: readonly FieldSpec[];
  readonly edit: RecordEdit<RecordOf<C>>;
  readonly readOnly?: boolean;
  /** One column, however much room there is. */
  readonly narrow?: boolean;
}

export function EditFields<C extends LiveCollectionName>({ record, specs, edit, readOnly = false, narrow }: Props<C>) {
  const t = useT();
  const format = useFormat();
  const views = useFieldViews(specs, record);
  const values = (edit.values ?? record) as unknown as Values;
  const noteOf = (name: string) => {
    if (!edit.clashing.includes(name)) return undefined;
    const theirs = (record as unknown as Values)[name];
    const view = (views as Record<string, { format?: (value: unknown) => string }>)[name];
    const text = theirs === null || theirs === '' ? '—' : (view?.format?.(theirs) ?? format.value(theirs));
    return t('customer.changed_by_others', { value: text });
  };
  const input = (spec: FieldSpec) => (
    <FieldInput
      key={spec.name}
      spec={spec}
      values={values}
      readOnly={readOnly || spec.fixed === true}
      description={noteOf(spec.name)}
      onChange={(value) => edit.set(spec.name as never, value as never)}
    />
  );
  return (
    <>
      {edit.restored && <Notice tone="neutral" title={t('customer.restored')} />}
      <Fields specs={specs} input={input} narrow={narrow === true} />
      {edit.error !== undefined && !edit.conflict && (
        <ProblemMessage
          error={edit.error}
          onRetry={() => void edit.save()}
          onResolve={edit.compare}
          fieldLabel={(name) => {
            const spec = specs.find((one) => one.name === name);
            return spec && t(spec.label);
          }}
        />
      )}
      {edit.changed && !edit.kept && <Notice tone="warning" title={t('customer.not_kept')} />}
    </>
  );
}

interface FieldsProps {
  readonly specs: readonly FieldSpec[];
  readonly input: (spec: FieldSpec) => ReactNode;
  readonly narrow?: boolean;
}

/** One below the other; two halves beside each other. */
export function Fields({ specs, input, narrow = false }: FieldsProps) {
  const lines: FieldSpec[][] = [];
  for (const spec of specs) {
    const last = lines.at(-1);
    if (!narrow && spec.half && last?.length === 1 && last[0]?.half) last.push(spec);
    else lines.push([spec]);
  }
  return lines.map((line) =>
    line.length === 1 ? (
      input(line[0]!)
    ) : (
      <SimpleGrid key={line[0]!.name} cols={{ base: 1, xs: 2 }} spacing="md">
        {line.map(input)}
      </SimpleGrid>
    ),
  );
}
