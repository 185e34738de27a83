// SPDX-License-Identifier: Apache-2.0
// Fields and values of any record as people read them, for lists of what was changed.
import { isRecordId, type LiveCollectionName, type RecordOf } from '@interlock/client';
import { type FieldViews, type Format, useFormat } from '@interlock/react';
import { useMemo } from 'react';
import { changes } from '../texts/changes';
import { useT, useTexts } from '../texts/context';
import { type TextKey, Texts } from '../texts/texts';
import { type Days, useDays } from './days';
import { type RecordName, useRecordNames } from './record_names';
import { type Statuses, useStatuses } from './statuses';
import { weekdaysOf } from './weekdays';

/** Where a value stands. */
export interface Place {
  readonly collection: string;
  readonly field: string;
  /** Of an amount; without it, none is shown. */
  readonly currency?: string | undefined;
}

export interface ChangeTexts {
  label(collection: string, field: string): string;
  /** A value that is there; for nothing, an empty text. */
  text(place: Place, value: unknown): string;
}

interface Words {
  readonly language: string;
  readonly t: (key: TextKey) => string;
  readonly format: Format;
  readonly days: Days;
  readonly statuses: Statuses;
  readonly nameOf: RecordName;
}

type Reader = (value: string, words: Words) => string | undefined;

const named =
  (stem: string): Reader =>
  (value, { t }) => {
    const key = `${stem}.${value}`;
    return Texts.has(key) ? t(key) : undefined;
  };
const status: Reader = (value, { statuses }) => statuses.label(value);
const day: Reader = (value, { days }) => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? days.day(value) : undefined);

/** `customers:assigned`: of which records how many. */
const scope: Reader = (value, words) => {
  const [collection = '', reach = ''] = value.split(':');
  const what = collection === '*' ? words.t('scope.all') : named('records')(collection, words);
  return `${what ?? collection}: ${named('scope')(reach, words) ?? reach}`;
};

/** Texts, and those of a list, whose words belong to the catalogue. */
const readers: Readonly<Record<string, Reader>> = {
  'customers.status': status,
  'statuses.name': status,
  'statuses.moves': status,
  'statuses.type': named('status_type'),
  'statuses.collection': named('records'),
  'interested-services.status': named('status.services'),
  'interested-services.expected_start': day,
  'interested-services.expected_end': day,
  'applications.status': named('status.applications'),
  'applications.due_date': day,
  'activities.kind': named('activity'),
  'tasks.reminder': named('reminder'),
  'users.status': named('user_status'),
  'users.role': named('role'),
  'users.scopes': scope,
  'settings.language': named('language'),
  'settings.modules': named('module'),
  'settings.binding_leases': named('records'),
};

function textOf({ collection, field, currency }: Place, value: unknown, words: Words): string {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map((one) => textOf({ collection, field }, one, words)).join(', ');
  if (typeof value === 'number') return numberText({ collection, field, currency }, value, words);
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${name}: ${textOf({ collection, field }, each, words)}`)
      .join(', ');
  }
  if (typeof value !== 'string') return words.format.value(value);
  if (isRecordId(value)) return words.nameOf(value);
  return readers[`${collection}.${field}`]?.(value, words) ?? words.format.value(value);
}

function numberText({ field, currency }: Place, value: number, { format, language }: Words): string {
  if (field === 'price_minor') return currency ? format.money(value, currency) : format.number(value / 100);
  if (field === 'size') return format.bytes(value);
  if (field === 'first_day_of_week') return weekdaysOf(language)[value - 1]?.label ?? String(value);
  return format.number(value);
}

/** Texts of changes in which these values stand: records among them are told by their names. */
export function useChangeTexts(values: readonly unknown[]): ChangeTexts {
  const t = useT();
  const { language } = useTexts();
  const format = useFormat();
  const days = useDays();
  const statuses = useStatuses();
  const nameOf = useRecordNames(values);
  return useMemo(() => {
    const words = { language, t, format, days, statuses, nameOf };
    return {
      label: (collection, field) => {
        const own = [`change.${collection}.${field}`, `change.${field}`].find(Texts.has);
        return own ? t(own as TextKey) : field.replaceAll('_', ' ');
      },
      text: (place, value) => textOf(place, value, words),
    };
  }, [language, t, format, days, statuses, nameOf]);
}

const fieldsKnown = Object.keys(changes).flatMap((key) => (/^change\.\w+$/.test(key) ? [key.slice(7)] : []));

/** How the history of one record calls and shows its fields. */
export function useHistoryViews<C extends LiveCollectionName>(
  collection: C,
  record: RecordOf<C>,
): FieldViews<RecordOf<C>> {
  const values = Object.values(record);
  const texts = useChangeTexts(values);
  const currency = 'currency' in record ? String(record.currency) : undefined;
  return useMemo(() => {
    const viewOf = (field: string) => ({
      label: texts.label(collection, field),
      format: (value: unknown) => texts.text({ collection, field, currency }, value) || '—',
    });
    return Object.fromEntries(fieldsKnown.map((field) => [field, viewOf(field)])) as FieldViews<RecordOf<C>>;
  }, [collection, currency, texts]);
}
