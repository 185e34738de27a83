// SPDX-License-Identifier: Apache-2.0
import { type HistoryEntry, type LiveCollectionName, operationParts, type RecordOf } from '@interlock/client';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useHistory } from '../hooks/use_history.js';
import { useNow } from '../hooks/use_now.js';
import { useIsAway } from '../hooks/use_online.js';
import { useFormat, useTexts } from '../provider.js';
import { type FieldViews, labelOf, useFieldText } from './fields.js';
import { Icon } from './icons.js';
import { LoadingNote } from './loading_note.js';
import { ProblemMessage } from './problem_message.js';
import { useActionName } from './queue_list.js';

/** The history of one record. */
export interface HistoryPanelProps<C extends LiveCollectionName> {
  readonly collection: C;
  readonly id: string;
  readonly fields?: FieldViews<RecordOf<C>>;
  /** Fields that are not shown, such as those that only machines use. */
  readonly hidden?: readonly string[];
}

/** Who changed what, when, from what to what; newest first, and right as it happens. */
export function HistoryPanel<C extends LiveCollectionName>(props: HistoryPanelProps<C>): ReactNode {
  const { collection, id, fields = {}, hidden = [] } = props;
  const history = useHistory(collection, id);
  const isAway = useIsAway(history.error) && history.entries.length === 0;
  const texts = useTexts();
  const titleId = useId();
  const news = useNews(history.entries[0]?.version);
  return (
    <section className="il-history" aria-labelledby={titleId} aria-busy={history.status === 'loading'}>
      <h2 id={titleId} className="il-title">
        {texts.history.title}
      </h2>
      <p className="il-visually-hidden" role="status">
        {news > 0 ? texts.history.updated(news) : ''}
      </p>
      {(history.status === 'loading' || isAway) && <LoadingNote />}
      {history.error !== undefined && !isAway && (
        <ProblemMessage
          error={history.error}
          onRetry={() => void history.refresh()}
          onReload={() => void history.refresh()}
        />
      )}
      {history.status === 'ready' && history.entries.length === 0 && (
        <div className="il-empty">
          <Icon name="clock" />
          <p className="il-empty-title">{texts.history.none}</p>
          <p>{texts.history.noneText}</p>
        </div>
      )}
      <ol className="il-history-list">
        {history.entries.map((entry) => (
          <Entry key={entry.version} entry={entry} fields={fields as FieldViews<unknown>} hidden={hidden} />
        ))}
      </ol>
      {history.hasMore && (
        <button
          type="button"
          className="il-button il-button-secondary il-button-sm"
          onClick={() => void history.fetchMore()}
        >
          {texts.loadMore}
        </button>
      )}
    </section>
  );
}

interface EntryProps {
  readonly entry: HistoryEntry;
  readonly fields: FieldViews<unknown>;
  readonly hidden: readonly string[];
}

function Entry({ entry, fields, hidden }: EntryProps): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  const nameOfAction = useActionName();
  const now = useNow();
  const changes = Object.entries(entry.changes).filter(([field]) => !hidden.includes(field));
  const isFirst = entry.version === 1;
  const did = texts.history.verbs[verbOf(entry)] ?? nameOfAction({ operation: entry.operation });
  return (
    <li className="il-history-entry">
      <p className="il-history-head">
        <strong>{entry.actor.name || texts.system}</strong> <span>{did}</span>{' '}
        <time dateTime={entry.at} title={format.dateTime(entry.at)}>
          {format.ago(entry.at, now)}
        </time>
        <span className="il-dim il-history-version">{texts.history.version(format.number(entry.version))}</span>
      </p>
      {changes.length > 0 && (
        <dl className="il-changes">
          {changes.map(([field, change]) => (
            <Change key={field} field={field} fields={fields} change={change} isFirst={isFirst} />
          ))}
        </dl>
      )}
    </li>
  );
}

/** What became of the record: the operation's verb, also where it was written over on purpose, or several in one batch. */
function verbOf({ operation, version }: HistoryEntry): string {
  if (operation === 'batch') return version === 1 ? 'create' : 'update';
  return operationParts(operation).verb.replace(/-any-version$/, '');
}

interface ChangeProps {
  readonly field: string;
  readonly fields: FieldViews<unknown>;
  readonly change: { readonly from: unknown; readonly to: unknown };
  readonly isFirst: boolean;
}

function Change({ field, fields, change, isFirst }: ChangeProps): ReactNode {
  const texts = useTexts();
  const textOf = useFieldText(fields);
  return (
    <div className="il-change">
      <dt>{labelOf(fields, field)}</dt>
      <dd>
        {!isFirst && (
          <>
            <span className="il-visually-hidden">{texts.history.from} </span>
            <del>{textOf(field, change.from)}</del>
            <span className="il-visually-hidden"> {texts.history.to} </span>
          </>
        )}
        <ins>{textOf(field, change.to)}</ins>
      </dd>
    </div>
  );
}

/** How many versions came since the panel was opened: to be read aloud. */
function useNews(version: number | undefined): number {
  const first = useRef<number | undefined>(undefined);
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (version === undefined) return;
    first.current ??= version;
    setCount(version - first.current);
  }, [version]);
  return count;
}
