// SPDX-License-Identifier: Apache-2.0
// Two changes to one record, field by field: mine, theirs, how it was before, or something else. Nothing is lost by
// leaving: the form gets back what was typed, there and here.
import {
  type Choice,
  Conflict,
  isInterlockError,
  type Refusal,
  type Resolution,
  type StaleVersion,
  sameJson,
} from '@interlock/client';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useChangers } from '../hooks/use_changers.js';
import { useFormat, useTexts } from '../provider.js';
import type { Result } from '../stores/mutation_store.js';
import { ConflictFieldChoice } from './conflict_field.js';
import { type FieldViews, labelOf, useFieldText } from './fields.js';
import { Spinner } from './icons.js';
import { Notice, ProblemMessage } from './problem_message.js';
import { useModal } from './use_modal.js';

type AnyRecord = { readonly id: string; readonly version: number };

/** A conflict that is to be resolved. */
export interface ConflictDialogProps<R extends AnyRecord> {
  /** The refusal's document; undefined: the dialog is not shown. */
  readonly conflict: StaleVersion<R> | undefined;
  readonly fields?: FieldViews<R>;
  /** Saves what was decided; see RecordEdit.resolve. A next conflict is shown in the same dialog. */
  readonly onResolve: (resolution: Resolution<R>) => Promise<Result<unknown> | undefined>;
  /** Back to the form, with what it and the dialog hold. */
  readonly onCancel: (values: Partial<R>) => void;
}

/** Shown while there is a conflict. */
export function ConflictDialog<R extends AnyRecord>({ conflict, ...props }: ConflictDialogProps<R>): ReactNode {
  return conflict ? <OpenDialog conflict={conflict} {...props} /> : null;
}

type Choices = Readonly<Partial<Record<string, Choice>>>;

function OpenDialog<R extends AnyRecord>(props: ConflictDialogProps<R> & { conflict: StaleVersion<R> }): ReactNode {
  const { conflict: document, fields = {}, onResolve, onCancel } = props;
  const texts = useTexts();
  const format = useFormat();
  const textOf = useFieldText(fields);
  const changers = useChangers(document);
  const id = useId();
  const { choices, choose, isNext } = useChoices(document);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const conflict = useMemo(() => new Conflict<R>(document, choices), [document, choices]);
  const asked = conflict.fields.filter((one) => one.clashes);
  const unasked = conflict.fields.filter((one) => !one.clashes);
  const openCount = conflict.open.length;

  const leave = () => !saving && onCancel(typedValues(conflict));
  const { ref, onKeyDown } = useModal(leave);
  const save = async () => {
    if (openCount > 0 || saving) return;
    setSaving(true);
    setError(undefined);
    const result = await onResolve(conflict.resolve());
    setSaving(false);
    if (result && !result.ok && !isStale(result.error)) setError(result.error);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
    else onKeyDown(event);
  };

  return (
    <dialog
      ref={ref}
      className="il-dialog"
      aria-modal="true"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-intro`}
      onKeyDown={onKey}
    >
      <header className="il-dialog-head">
        <h2 id={`${id}-title`}>{texts.conflict.title}</h2>
        <p id={`${id}-intro`}>
          {changers.names.length > 0 ? texts.conflict.introBy(format.list(changers.names)) : texts.conflict.intro}
        </p>
        {isNext && <Notice tone="warning" title={texts.conflict.again} />}
        <div className="il-dialog-all">
          <button type="button" className="il-link" onClick={() => choose(conflict.chooseAll('mine').choices)}>
            {texts.conflict.allMine}
          </button>
          <button type="button" className="il-link" onClick={() => choose(conflict.chooseAll('theirs').choices)}>
            {texts.conflict.allTheirs}
          </button>
        </div>
      </header>
      <div className="il-dialog-body">
        {asked.map((one, i) => (
          <ConflictFieldChoice
            key={one.field}
            field={one}
            label={labelOf(fields, one.field)}
            theirName={changers.of(one.field)}
            view={(fields as Readonly<Record<string, never>>)[one.field]}
            isFirst={i === 0}
            choice={choices[one.field]}
            textOf={(value) => textOf(one.field, value)}
            onChoose={(choice) => choose({ [one.field]: choice })}
          />
        ))}
        {unasked.length > 0 && (
          <section className="il-unasked">
            <p>{texts.conflict.unquestioned}</p>
            <dl>
              {unasked.map((one) => (
                <div key={one.field}>
                  <dt>{labelOf(fields, one.field)}</dt>
                  <dd>{textOf(one.field, one.mine)}</dd>
                </div>
              ))}
            </dl>
          </section>
        )}
      </div>
      <footer className="il-dialog-foot">
        {error !== undefined && <ProblemMessage error={error} onRetry={() => void save()} />}
        <p role="status" className="il-dim">
          {openCount > 0 ? texts.conflict.open(openCount) : texts.conflict.ready}
        </p>
        <div className="il-dialog-actions">
          <button type="button" className="il-button il-button-secondary il-button-md" onClick={leave}>
            {texts.conflict.back}
          </button>
          <button
            type="button"
            className="il-button il-button-primary il-button-md"
            aria-disabled={openCount > 0 || saving}
            aria-busy={saving}
            onClick={() => void save()}
          >
            {saving && <Spinner />}
            {saving ? texts.conflict.applying : texts.conflict.apply}
          </button>
        </div>
      </footer>
    </dialog>
  );
}

/** The choices so far. With a next conflict those stay that answer the same question. */
function useChoices<R extends AnyRecord>(document: StaleVersion<R>) {
  const [choices, setChoices] = useState<Choices>({});
  const [isNext, setNext] = useState(false);
  const seen = useRef(document);
  useEffect(() => {
    const before = seen.current;
    if (before === document) return;
    seen.current = document;
    setNext(true);
    const isSame = (field: string) => sameJson(before.current[field as keyof R], document.current[field as keyof R]);
    // Something typed is kept in any case: it was meant whatever the others have.
    setChoices((now) => Object.fromEntries(Object.entries(now).filter(([f, one]) => isTyped(one) || isSame(f))));
  }, [document]);
  const choose = (more: Choices) => setChoices((before) => ({ ...before, ...more }));
  return { choices, choose, isNext };
}

const isTyped = (choice: Choice | undefined): choice is { readonly edit: unknown } => typeof choice === 'object';

/** What the form is to hold again: what was wanted, with what was typed here. */
function typedValues<R extends AnyRecord>({ document, choices }: Conflict<R>): Partial<R> {
  const typed = Object.entries(choices).filter(([, choice]) => isTyped(choice));
  const values = typed.map(([field, choice]) => [field, (choice as { edit: unknown }).edit]);
  return { ...document.yours, ...Object.fromEntries(values) };
}

function isStale(error: unknown): boolean {
  return isInterlockError(error) && error.kind === 'refusal' && (error as Refusal).code === 'stale_version';
}
