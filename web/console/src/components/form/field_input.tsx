// SPDX-License-Identifier: Apache-2.0
// One field of a form, by its kind.
import { currencyDigits, toMajor, toMinor, useFormat } from '@interlock/react';
import { NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useDays } from '../../lib/days';
import { usePeople } from '../../lib/people';
import { useT } from '../../texts/context';
import type { FieldSpec, Values } from './field_spec';
import { fromInput, toInput } from './moment';
import { RecordPicker } from './record_picker';

interface Props {
  readonly spec: FieldSpec;
  readonly values: Values;
  readonly onChange: (value: unknown) => void;
  readonly readOnly?: boolean;
  readonly description?: string | undefined;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
  /** Narrows what a picker offers. */
  readonly filter?: Readonly<Record<string, string>> | undefined;
}

const inputTypes = { text: 'text', email: 'email', phone: 'tel', url: 'url', currency: 'text', date: 'date' } as const;

export function FieldInput({ spec, values, onChange, readOnly = false, description, error, autoFocus, filter }: Props) {
  const t = useT();
  const { kind, required, maxLength } = spec;
  const value = values[spec.name];
  const common = {
    label: t(spec.label),
    description: description ?? (spec.hint && !readOnly ? t(spec.hint) : undefined),
    error,
    readOnly,
    ...(required && { required: true, withAsterisk: false }),
    ...(autoFocus && { 'data-autofocus': true }),
  };
  switch (kind) {
    case 'customers':
    case 'partners':
    case 'products':
      return (
        <RecordPicker
          collection={kind}
          value={(value as string | null) ?? null}
          onChange={onChange}
          label={common.label}
          description={common.description}
          {...{ error, readOnly, required, filter, autoFocus }}
        />
      );
    case 'long':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={8}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'tags':
      return (
        <TagsInput
          {...common}
          placeholder={readOnly ? undefined : t('field.tags_hint')}
          value={[...((value as string[] | undefined) ?? [])]}
          onChange={onChange}
        />
      );
    case 'user':
      return <UserInput {...common} value={(value as string | null) ?? null} onChange={onChange} />;
    case 'price':
      return (
        <PriceInput
          {...common}
          value={value as number | null}
          currency={values.currency as string}
          onChange={onChange}
        />
      );
    case 'flag':
      return (
        <Switch
          label={common.label}
          description={common.description}
          checked={Boolean(value)}
          disabled={readOnly}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'moment':
      return <MomentInput {...common} value={value as string | null} onChange={onChange} />;
    case 'date':
      return <DayInput {...common} value={value as string | null} onChange={onChange} />;
    case 'text':
    case 'email':
    case 'phone':
    case 'url':
    case 'currency':
      return (
        <TextInput
          {...common}
          type={inputTypes[kind]}
          maxLength={kind === 'currency' ? 3 : (maxLength ?? 200)}
          value={String(value ?? '')}
          onChange={(event) =>
            onChange(kind === 'currency' ? event.currentTarget.value.toUpperCase() : event.currentTarget.value)
          }
        />
      );
  }
}

/** The browser writes days as its own language does: below stands what was chosen as everywhere else. */
function DayInput({ value, onChange, description, ...props }: InputProps<string | null>) {
  const days = useDays();
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value ?? '');
  return (
    <TextInput
      {...props}
      description={[description, isDay && days.day(value ?? '')].filter(Boolean).join(' · ') || undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      type="date"
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

function MomentInput({ value, onChange, description, ...props }: InputProps<string | null>) {
  const t = useT();
  const zone = useFormat().settings.timeZone;
  const isOwn = !zone || zone === Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <TextInput
      {...props}
      description={
        [description, isOwn ? undefined : t('field.in_zone', { zone: zone ?? '' })].filter(Boolean).join(' · ') ||
        undefined
      }
      type="datetime-local"
      value={toInput(value, zone)}
      onChange={(event) => onChange(fromInput(event.currentTarget.value, zone))}
    />
  );
}

interface InputProps<V> {
  readonly label: string;
  readonly description: string | undefined;
  readonly error: string | undefined;
  readonly readOnly: boolean;
  readonly value: V;
  readonly onChange: (value: unknown) => void;
}

function UserInput({ value, readOnly, ...input }: InputProps<string | null>) {
  const t = useT();
  const people = usePeople();
  const isKnown = !value || people.active.some(({ id }) => id === value);
  return (
    <Select
      {...input}
      placeholder={t('common.nobody')}
      readOnly={readOnly}
      searchable
      clearable={!readOnly}
      nothingFoundMessage={t('common.nothing_found')}
      data={[
        ...people.active.map(({ id, name }) => ({ value: id, label: name })),
        ...(isKnown ? [] : [{ value, label: people.nameOf(value) }]),
      ]}
      value={value}
      clearButtonProps={{ 'aria-label': t('common.nobody') }}
    />
  );
}

function PriceInput({ value, currency, onChange, ...input }: InputProps<number | null> & { currency: string }) {
  const digits = currencyDigits(currency);
  return (
    <NumberInput
      {...input}
      min={0}
      decimalScale={digits}
      hideControls
      thousandSeparator=" "
      value={value === null || value === undefined ? '' : toMajor(value, currency)}
      onChange={(typed) => onChange(typed === '' ? null : toMinor(Number(typed), currency))}
    />
  );
}
