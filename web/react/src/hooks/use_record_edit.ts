// SPDX-License-Identifier: Apache-2.0
// A record that is being edited, in a form or in place: on the version that its user saw, with a draft that outlives
// conflicts, reloads and crashes. What others change meanwhile shows at once in fields that were not touched.
import {
  changedFields,
  isInterlockError,
  type LiveCollectionName,
  type OperationName,
  type RecordOf,
  type Refusal,
  type Resolution,
  rebase,
  type StaleVersion,
  sameJson,
} from '@interlock/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { nameOfEdit } from '../stores/draft_storage.js';
import type { MutationState, Result, Via } from '../stores/mutation_store.js';
import { type Draft, useDraft } from './use_draft.js';
import { useSyncMutation } from './use_sync_mutation.js';

/** How a record is edited. */
export interface RecordEditOptions {
  /** direct_else_queue unless given: what is saved without a network waits in the queue, and the form is free again. */
  readonly via?: Via;
  /** What the draft is called, where a record has several forms. */
  readonly draft?: string;
}

/** A record that is being edited. */
export interface RecordEdit<R> {
  /** What the form shows: the record as it is now, with what was typed on top. */
  readonly values: R | undefined;
  set<F extends keyof R>(field: F, value: R[F]): void;
  /** What was typed, and differs. */
  readonly changes: Partial<R>;
  readonly changed: boolean;
  /** Typed fields that somebody else has changed meanwhile. */
  readonly clashing: readonly string[];
  /** Whether what was typed was found from before a reload. */
  readonly restored: boolean;
  /** False: this browser keeps no drafts. */
  readonly kept: boolean;
  readonly state: MutationState;
  readonly busy: boolean;
  /** Why it was not saved; a conflict is told by `conflict` too. */
  readonly error: unknown;
  /** Set while two changes are to be compared. */
  readonly conflict: StaleVersion<R> | undefined;
  /** Saves what was typed. Never rejects. */
  save(): Promise<Result<R> | undefined>;
  /** Saves what was decided in the dialog; a change in between shows as the next conflict. */
  resolve(resolution: Resolution<R>): Promise<Result<R> | undefined>;
  /** Back to the form, with everything that was typed there and in the dialog. */
  leaveConflict(values?: Partial<R>): void;
  /** Compares once more, after the dialog was left. */
  compare(): void;
  /** Forgets what was typed. */
  revert(): void;
}

interface Edits<R> {
  /** The record as its user saw it when they began. */
  readonly base: R | null;
  readonly fields: Partial<R>;
}

const none = { base: null, fields: {} };

/** Edits one record; without it, as while it loads, nothing can be typed. */
export function useRecordEdit<C extends LiveCollectionName>(
  collection: C,
  record: RecordOf<C> | undefined,
  { via = 'direct_else_queue', draft: form = 'form' }: RecordEditOptions = {},
): RecordEdit<RecordOf<C>> {
  type R = RecordOf<C>;
  const draft = useDraft<Edits<R>>(nameOfEdit(form, record?.id ?? ''), none);
  const mutation = useSyncMutation<OperationName>(`${collection}/update` as OperationName, { via });
  const [conflict, setConflict] = useState<StaleVersion<R>>();
  // An own answer may be newer than what the page was given.
  const answered = useRef<R | undefined>(undefined);
  const current = newest(record, answered.current);
  const { base, fields } = draft.value;

  const changes = useMemo(() => (current ? changedFields(current, fields) : {}), [current, fields]);
  const clashing = useMemo(
    () => (current && base && base.version < current.version ? rebase(base, fields, current).clashing : []),
    [current, base, fields],
  );
  const latest = useRef({ draft, current, conflict });
  latest.current = { draft, current, conflict };

  const set = useCallback(<F extends keyof R>(field: F, value: R[F]) => {
    const { draft, current } = latest.current;
    if (current) draft.set((before) => typed(before, current, field, value));
  }, []);

  const { run } = mutation;
  const send = useCallback(
    async (base: { id: string; version: number }, sent: Partial<R>, decided: readonly string[]) => {
      const { draft } = latest.current;
      const request = { ...sent, id: base.id, version: base.version };
      const result = (await run(request as never, { base })) as Result<unknown> as Result<R>;
      if (result.ok) {
        if (result.later)
          void result.later.then(
            (answer) => takeOver(draft, answer),
            () => {},
          );
        else answered.current = result.answer;
        keepTypedSince(draft, result.answer, sent, decided);
        setConflict(undefined);
      } else {
        const stale = staleOf<R>(result.error);
        if (stale) setConflict(stale);
      }
      return result;
    },
    [run],
  );

  // What was typed is there already, by whoever: nothing is left to save.
  const isLeftOver = via !== 'queue' && base !== null && current !== undefined && Object.keys(changes).length === 0;
  const { clear } = draft;
  useEffect(() => {
    if (isLeftOver) clear();
  }, [isLeftOver, clear]);

  const saving = useRef<Promise<Result<R> | undefined>>(undefined);
  const save = useCallback(() => {
    const saveNow = async () => {
      const { base, fields } = latest.current.draft.get();
      const sent = base ? changedFields(base, fields) : {};
      return base && Object.keys(sent).length > 0 ? send(base, sent, []) : undefined;
    };
    // What was typed while a save is under way is saved after it, on its answer.
    const before = saving.current;
    const mine = before ? before.then((result) => (result?.ok === false ? result : saveNow())) : saveNow();
    saving.current = mine;
    void mine.finally(() => {
      if (saving.current === mine) saving.current = undefined;
    });
    return mine;
  }, [send]);

  const resolve = useCallback(
    async ({ id, version, changes: sent }: Resolution<R>) => {
      const stale = latest.current.conflict;
      const decided = Object.keys(stale?.yours ?? {});
      if (Object.keys(sent).length > 0) return send({ id, version }, sent, decided);
      // Everything is to stay as the other person has it.
      answered.current = stale?.current;
      if (stale) keepTypedSince(latest.current.draft, stale.current, {}, decided);
      setConflict(undefined);
      mutation.reset();
      return undefined;
    },
    [send, mutation],
  );

  const leaveConflict = useCallback((values: Partial<R> = {}) => {
    setConflict(undefined);
    latest.current.draft.set((before) => ({ ...before, fields: { ...before.fields, ...values } }));
  }, []);
  const compare = useCallback(() => setConflict(staleOf<R>(mutation.error)), [mutation.error]);
  const revert = useCallback(() => {
    latest.current.draft.clear();
    setConflict(undefined);
    mutation.reset();
  }, [mutation]);

  const { state, busy, error } = mutation;
  return {
    values: current && { ...current, ...fields },
    set,
    changes: changes as Partial<R>,
    changed: Object.keys(changes).length > 0,
    clashing,
    restored: draft.restored && Object.keys(changes).length > 0,
    kept: draft.kept,
    state,
    busy,
    error,
    conflict,
    save,
    resolve,
    leaveConflict,
    compare,
    revert,
  };
}

function newest<R extends { id: string; version: number }>(given: R | undefined, answered: R | undefined) {
  if (!given || answered?.id !== given.id) return given;
  return answered.version > given.version ? answered : given;
}

/** One more field typed; one that is as it was again counts as not touched. */
function typed<R extends object, F extends keyof R>(before: Edits<R>, current: R, field: F, value: R[F]): Edits<R> {
  const base = before.base ?? current;
  const { [field]: _before, ...rest } = before.fields;
  const fields = (sameJson(value, base[field]) ? rest : { ...rest, [field]: value }) as Partial<R>;
  return Object.keys(fields).length > 0 ? { base, fields } : none;
}

/** After an answer: what was typed while it was under way stays, on the new base. */
function keepTypedSince<R extends { id: string; version: number }>(
  draft: Draft<Edits<R>>,
  answer: R,
  sent: Partial<R>,
  decided: readonly string[],
): void {
  const isSettled = ([field, value]: [string, unknown]) =>
    decided.includes(field) || (field in sent && sameJson(sent[field as keyof R], value));
  const rest = Object.entries(draft.get().fields).filter((entry) => !isSettled(entry));
  const fields = changedFields(answer, Object.fromEntries(rest) as Partial<R>);
  if (Object.keys(fields).length === 0) draft.clear();
  else draft.set({ base: answer, fields });
}

/** What waited is done: what was typed on top of it is based on its answer now, so that it meets no conflict with itself. */
function takeOver<R extends { id: string; version: number }>(draft: Draft<Edits<R>>, answer: R): void {
  const { base } = draft.get();
  if (base && base.version < answer.version) keepTypedSince(draft, answer, {}, []);
}

function staleOf<R>(error: unknown): StaleVersion<R> | undefined {
  return isInterlockError(error) && error.kind === 'refusal' ? (error as Refusal).stale<R>() : undefined;
}
