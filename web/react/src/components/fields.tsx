// SPDX-License-Identifier: Apache-2.0
// How the fields of a record are called, shown and typed.
import { idPrefix, isRecordId } from '@interlock/client';
import { type ReactNode, useCallback, useState } from 'react';
import { useNameOf } from '../hooks/use_name_of.js';
import { useFormat, useTexts } from '../provider.js';

/** What an own editor of a value gets. */
export interface FieldEditorProps<V> {
  readonly id: string;
  readonly value: V;
  /** What a screen reader calls it. */
  readonly label: string;
  onChange(value: V): void;
}

/** How one field is called, shown and typed. */
export interface FieldView<V = unknown> {
  readonly label: string;
  /** Its value for people; by its type unless given. */
  readonly format?: (value: V) => string;
  /** Where it is typed; by its type unless given. */
  readonly edit?: (props: FieldEditorProps<V>) => ReactNode;
}

/** Those of a record. */
export type FieldViews<R> = { readonly [F in keyof R]?: FieldView<R[F]> };

/** Those of whichever collection. */
export type AnyFieldViews = { readonly [field: string]: FieldView<never> | undefined };

/** The value of a field, for people; users by their names. */
export function useFieldText<R>(fields: FieldViews<R>): (field: string, value: unknown) => string {
  const format = useFormat();
  const nameOf = useNameOf();
  return useCallback(
    (field, value) => {
      const own = (fields as Readonly<Record<string, FieldView>>)[field]?.format;
      if (own && value !== null && value !== undefined) return own(value);
      if (isRecordId(value) && idPrefix(value) === 'user') return nameOf(value);
      return format.value(value);
    },
    [fields, format, nameOf],
  );
}

/** What a field is called. */
export function labelOf<R>(fields: FieldViews<R>, field: string): string {
  return (fields as Readonly<Record<string, FieldView>>)[field]?.label ?? field.replaceAll('_', ' ');
}

/** Types a value of any kind: a text, yes or no, a number, a list of texts; all else as JSON. */
export function ValueEditor({
  view,
  ...props
}: FieldEditorProps<unknown> & { view?: FieldView | undefined }): ReactNode {
  const { id, value, label, onChange } = props;
  const texts = useTexts();
  if (view?.edit) return view.edit(props);
  const common = { id, className: 'il-input', 'aria-label': label };
  if (typeof value === 'boolean') {
    return (
      <select {...common} value={String(value)} onChange={(event) => onChange(event.target.value === 'true')}>
        <option value="true">{texts.yes}</option>
        <option value="false">{texts.no}</option>
      </select>
    );
  }
  if (typeof value === 'string' || value === null || value === undefined) {
    const text = value ?? '';
    const isLong = text.length > 60 || text.includes('\n');
    const onText = (typed: string) => onChange(typed === '' && value === null ? null : typed);
    return isLong ? (
      <textarea {...common} rows={3} value={text} onChange={(event) => onText(event.target.value)} />
    ) : (
      <input {...common} type="text" value={text} onChange={(event) => onText(event.target.value)} />
    );
  }
  return <TypedText {...props} />;
}

/** A value that is typed as text: numbers, lists of texts with commas, all else as JSON. */
function TypedText({ id, value, label, onChange }: FieldEditorProps<unknown>): ReactNode {
  const texts = useTexts();
  // Fixed when it opens: half a number is none, and is to be typed on all the same.
  const [read] = useState(() => readerOf(value));
  const [typed, setTyped] = useState(() => (read === listOf ? (value as string[]).join(', ') : JSON.stringify(value)));
  const [isReadable, setReadable] = useState(true);
  const onType = (text: string) => {
    setTyped(text);
    const value = read(text);
    setReadable(value !== undefined);
    if (value !== undefined) onChange(value);
  };
  const common = { id, className: 'il-input', 'aria-label': label, 'aria-invalid': !isReadable };
  return (
    <>
      <input {...common} type="text" value={typed} onChange={(event) => onType(event.target.value)} />
      {!isReadable && (
        <span className="il-field-error" role="alert">
          {texts.conflict.invalidJson}
        </span>
      )}
    </>
  );
}

function readerOf(value: unknown): (text: string) => unknown {
  if (typeof value === 'number') return numberOf;
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? listOf : jsonOf;
}

const numberOf = (text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined);

const listOf = (text: string) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told below the input
  }
}
