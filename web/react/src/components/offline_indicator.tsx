// SPDX-License-Identifier: Apache-2.0
// How connection and queue stand, always in sight; opened, it lists what waits and what needs its user.
import type { SenderState } from '@interlock/client';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Format } from '../format.js';
import { type QueueHandle, useQueueStatus } from '../hooks/use_queue_status.js';
import { useUnsavedEdits } from '../hooks/use_unsaved_edits.js';
import { useFormat, useSurroundings, useTexts } from '../provider.js';
import type { QueueState } from '../stores/queue_store.js';
import type { Texts } from '../texts/english.js';
import type { AnyFieldViews } from './fields.js';
import { Icon, type IconName, Spinner } from './icons.js';
import { QueueList } from './queue_list.js';
import { UnsavedList } from './unsaved_list.js';

/** An indicator for the head of a page. */
export interface OfflineIndicatorProps {
  /** Opens the record that an action is about; without it that is not offered. */
  readonly onOpenRecord?: (id: string) => void;
  /** How the fields of a collection are called and shown where two changes are compared. */
  readonly fieldsOf?: (collection: string) => AnyFieldViews | undefined;
}

/** Connection and queue in a few words; a click opens the list. */
export function OfflineIndicator({ onOpenRecord, fieldsOf }: OfflineIndicatorProps): ReactNode {
  const queue = useQueueStatus();
  const unsaved = useUnsavedEdits();
  const texts = useTexts();
  const format = useFormat();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const around = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const summary = summaryOf(queue, texts, format, unsaved.edits.length);

  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent) => {
      if (!around.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    close(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is heard from whatever has the focus inside
    <div className="il-indicator" ref={around} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="il-indicator-button"
        data-tone={summary.tone}
        aria-expanded={isOpen}
        aria-controls={`${id}-panel`}
        onClick={() => setOpen(!isOpen)}
      >
        {summary.sign === 'spinner' ? <Spinner /> : <Icon name={summary.sign} />}
        <span role="status">{summary.text}</span>
        {summary.aside && <span className="il-badge">{summary.aside}</span>}
        <Icon name="chevron" />
      </button>
      {isOpen && (
        <section id={`${id}-panel`} className="il-panel" aria-label={texts.queue.title}>
          <header className="il-panel-head">
            <h2>{texts.queue.title}</h2>
            <button type="button" className="il-icon-button" aria-label={texts.close} onClick={() => close(true)}>
              <Icon name="close" />
            </button>
          </header>
          <PanelState queue={queue} />
          <UnsavedList unsaved={unsaved} onOpenRecord={onOpenRecord} />
          <QueueList queue={queue} onOpenRecord={onOpenRecord} fieldsOf={fieldsOf} silent={unsaved.edits.length > 0} />
        </section>
      )}
    </div>
  );
}

/** Why it does not get on, and what helps. */
function PanelState({ queue }: { queue: QueueHandle }): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  const { onLogIn } = useSurroundings();
  const { status } = queue;
  const state = status && stateShown(status.state, queue.online);
  const notes: Partial<Record<string, string>> = {
    offline: texts.queue.offlineText,
    unanswered: texts.queue.unansweredText,
    logged_out: texts.queue.loggedOutText,
    other_user: texts.queue.otherUserText,
    unexpected: texts.queue.unexpectedText,
  };
  const note = state ? notes[state] : texts.queue.loggedOutText;
  const canSync = status && status.waiting > 0 && ['offline', 'unanswered', 'unexpected'].includes(status.state);
  return (
    <>
      {status?.storage && (
        <p className="il-panel-note il-tone-danger" role="alert">
          {texts.queue.storage[status.storage.reason]}
        </p>
      )}
      {note && (
        <div className="il-panel-note">
          <p>
            {note} {canSync && status.nextTryAt && texts.queue.nextTry(format.time(new Date(status.nextTryAt)))}
          </p>
          {canSync && (
            <button type="button" className="il-link" onClick={() => void queue.sync()}>
              {texts.queue.syncNow}
            </button>
          )}
          {onLogIn && (!status || status.state === 'logged_out') && (
            <button type="button" className="il-link" onClick={onLogIn}>
              {texts.logIn}
            </button>
          )}
        </div>
      )}
    </>
  );
}

interface Summary {
  readonly tone: 'calm' | 'busy' | 'warning' | 'danger';
  readonly sign: IconName | 'spinner';
  readonly text: string;
  /** What needs its user. */
  readonly aside?: string;
}

/** What the browser knows about the network the queue may learn only by its next try. */
function stateShown(state: SenderState, online: boolean): SenderState {
  return !online && (state === 'idle' || state === 'sending') ? 'offline' : state;
}

/** In a few words. */
export function summaryOf(
  { status, feed, online }: QueueState,
  texts: Texts,
  format: Format,
  unsavedCount: number,
): Summary {
  const { queue } = texts;
  if (!status) return { tone: 'warning', sign: 'warning', text: queue.loggedOut };
  const asideCount = status.refused + status.held;
  const aside = asideCount > 0 ? { aside: queue.aside(format.number(asideCount)) } : {};
  const waiting = format.number(status.waiting);
  const say = (tone: Summary['tone'], sign: Summary['sign'], text: string): Summary => ({ tone, sign, text, ...aside });
  switch (stateShown(status.state, online)) {
    case 'offline':
      return say('warning', 'offline', status.waiting > 0 ? queue.offlineWaiting(waiting) : queue.offline);
    case 'unanswered':
      return say('warning', 'clock', status.waiting > 0 ? queue.unansweredWaiting(waiting) : queue.unanswered);
    case 'logged_out':
      return say('warning', 'warning', queue.loggedOut);
    case 'other_user':
      return say('warning', 'warning', queue.otherUser);
    case 'unexpected':
      return say('warning', 'warning', queue.unexpected);
    case 'sending':
      return say('busy', 'spinner', queue.sending(waiting));
    case 'idle':
      break;
  }
  // Kept, and about to be sent.
  if (status.waiting > 0) return say('busy', 'spinner', queue.sending(waiting));
  if (status.storage) return say('danger', 'warning', texts.problems.storage.title);
  if (feed === 'reconnecting') return say('warning', 'offline', queue.reconnecting);
  if (feed === 'logged_out') return say('warning', 'warning', queue.loggedOut);
  if (asideCount > 0) return { tone: 'warning', sign: 'warning', text: queue.aside(format.number(asideCount)) };
  if (unsavedCount > 0) return say('warning', 'clock', queue.unsaved);
  return say('calm', 'check', queue.saved);
}
