// SPDX-License-Identifier: Apache-2.0
import { operationParts, type QueuedAction, type Refusal, type Resolution, type StaleVersion } from '@interlock/client';
import { type ReactNode, useCallback, useState } from 'react';
import type { QueueHandle } from '../hooks/use_queue_status.js';
import { describeProblem } from '../problem.js';
import { useFormat, useSurroundings, useTexts } from '../provider.js';
import type { Texts } from '../texts/english.js';
import { ConflictDialog } from './conflict_dialog.js';
import type { AnyFieldViews, FieldViews } from './fields.js';
import { Icon } from './icons.js';

/** What an action is called: by the provider, the catalogue, or its verb and collection. */
export function useActionName(): (action: Pick<QueuedAction, 'operation'> & Partial<QueuedAction>) => string {
  const { describeAction, texts } = useSurroundings();
  return useCallback(
    (action) => {
      const own = 'key' in action ? describeAction?.(action as QueuedAction) : undefined;
      const { operation } = action;
      const { collection, verb } = operationParts(operation);
      if (!collection) return own ?? texts.operations[operation] ?? operation.replaceAll('-', ' ');
      const generic = texts.action(
        texts.verbs[verb] ?? verb.replaceAll('-', ' '),
        texts.collections[collection] ?? collection.replaceAll('-', ' '),
      );
      return own ?? texts.operations[operation] ?? generic;
    },
    [describeAction, texts],
  );
}

interface ListProps {
  readonly queue: QueueHandle;
  readonly onOpenRecord: ((id: string) => void) | undefined;
  readonly fieldsOf: ((collection: string) => AnyFieldViews | undefined) | undefined;
  /** True: says nothing where nothing waits, since something else stands beside it. */
  readonly silent?: boolean;
}

const shownMax = 50;

/** Everything that is not done: first what needs its user, then what goes out by itself. */
export function QueueList(props: ListProps): ReactNode {
  const { queue } = props;
  const texts = useTexts();
  const format = useFormat();
  const isAside = ({ standing }: QueuedAction) => standing !== 'ready' && standing !== 'waiting';
  const aside = queue.items.filter(isAside);
  const waiting = queue.items.filter((item) => !isAside(item));
  if (queue.items.length === 0) {
    if (props.silent) return null;
    return (
      <div className="il-empty">
        <Icon name="check" />
        <p className="il-empty-title">{texts.queue.nothing}</p>
        <p>{texts.queue.nothingText}</p>
      </div>
    );
  }
  const part = (title: string, items: readonly QueuedAction[]) =>
    items.length > 0 && (
      <>
        <h3 className="il-queue-title">
          {title} <span className="il-count">{format.number(items.length)}</span>
        </h3>
        <ul className="il-queue">
          {items.slice(0, shownMax).map((item) => (
            <QueueItem key={item.key} item={item} {...props} />
          ))}
          {items.length > shownMax && <li>{texts.queue.more(format.number(items.length - shownMax))}</li>}
        </ul>
      </>
    );
  return (
    <div className="il-panel-body">
      {part(texts.queue.asideTitle, aside)}
      {part(texts.queue.waitingTitle, waiting)}
    </div>
  );
}

function QueueItem({ item, queue, onOpenRecord, fieldsOf }: ListProps & { item: QueuedAction }): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  const nameOf = useActionName();
  const [isAsking, setAsking] = useState(false);
  const { queue: words } = texts;
  const { standing, id, key } = item;
  const canRetry = standing === 'refused' || standing === 'too_old';
  const isAside = canRetry || standing === 'held';
  const about = textsAbout(item.request);
  const stale = staleOf(item);
  return (
    <li className="il-queue-item" data-standing={standing}>
      <p className="il-queue-name">
        {nameOf(item)}
        {about && <span className="il-queue-about"> {about}</span>}
      </p>
      <p className="il-dim">
        {standingText(item, words)} · {words.madeAt(format.dateTime(item.madeAt))}
      </p>
      {isAside && <Reason item={item} />}
      {isAsking ? (
        <div className="il-queue-actions">
          <span>
            {words.discardSure} {item.tries > 0 && standing !== 'refused' && words.discardMaybeDone}
          </span>
          <button type="button" className="il-link il-tone-danger" onClick={() => void queue.discard(key)}>
            {words.discardYes}
          </button>
          <button type="button" className="il-link" onClick={() => setAsking(false)}>
            {words.discardNo}
          </button>
        </div>
      ) : (
        <div className="il-queue-actions">
          {stale && <Comparison item={item} stale={stale} queue={queue} fieldsOf={fieldsOf} />}
          {canRetry && !stale && (
            <button type="button" className="il-link" onClick={() => void queue.retry(key)}>
              {words.retry}
            </button>
          )}
          <button type="button" className="il-link" onClick={() => setAsking(true)}>
            {words.discard}
          </button>
          {onOpenRecord && id && (
            <button type="button" className="il-link" onClick={() => onOpenRecord(id)}>
              {words.open}
            </button>
          )}
        </div>
      )}
    </li>
  );
}

function standingText({ standing, tries }: QueuedAction, words: Texts['queue']): string {
  if (standing === 'too_old') return words.tooOld;
  return words[standing === 'ready' && tries > 0 ? 'sent' : standing];
}

/** A stale change, sent as it is, would be refused again: its user compares both, and the decision goes out in its place. */
function Comparison(props: Pick<ListProps, 'queue' | 'fieldsOf'> & { item: QueuedAction; stale: Stale }): ReactNode {
  const { item, stale, queue, fieldsOf } = props;
  const texts = useTexts();
  const [isOpen, setOpen] = useState(false);
  const { collection } = operationParts(item.operation);
  const resolve = async ({ id, version, changes }: Resolution<Stale['current']>) => {
    if (Object.keys(changes).length === 0) await queue.discard(item.key);
    else await queue.retry(item.key, { ...changes, id, version });
    return undefined;
  };
  return (
    <>
      <button type="button" className="il-link" onClick={() => setOpen(true)}>
        {texts.resolve}
      </button>
      <ConflictDialog
        conflict={isOpen ? stale : undefined}
        fields={(fieldsOf?.(collection) ?? {}) as FieldViews<Stale['current']>}
        onResolve={resolve}
        onCancel={() => setOpen(false)}
      />
    </>
  );
}

type Stale = StaleVersion<{ readonly id: string; readonly version: number }>;

function staleOf({ operation, error }: QueuedAction): Stale | undefined {
  if (operationParts(operation).verb !== 'update' || error?.kind !== 'refusal') return undefined;
  return (error as Refusal).stale<Stale['current']>();
}

/** Why it was set aside. */
function Reason({ item }: { item: QueuedAction }): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  if (item.standing === 'too_old') return <p className="il-queue-reason">{texts.queue.tooOldText}</p>;
  if (!item.error) return null;
  const { title, text } = describeProblem(item.error, texts, format);
  return (
    <p className="il-queue-reason">
      <strong>{title}.</strong> {text}
    </p>
  );
}

const aboutCharactersMax = 60;

/** The name or the text that an action carries: people recognise it by that. */
function textsAbout(request: Readonly<Record<string, unknown>>): string {
  const found = [request.name, request.title, request.text].find((one) => typeof one === 'string' && one !== '');
  const text = typeof found === 'string' ? found : '';
  return text.length > aboutCharactersMax ? `${text.slice(0, aboutCharactersMax)}…` : text;
}
