// SPDX-License-Identifier: Apache-2.0
import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useWaitsForAnswer } from '../hooks/use_queue_status.js';
import type { Mutation } from '../hooks/use_sync_mutation.js';
import { useTexts } from '../provider.js';
import type { RunOptions } from '../stores/mutation_store.js';
import { Icon, Spinner } from './icons.js';
import { Notice, ProblemMessage } from './problem_message.js';

/** A button that starts an action. */
export interface SyncButtonProps<R, A> {
  readonly action: Mutation<R, A>;
  /** What is sent; a function is asked at the click, and may answer undefined for nothing. */
  readonly request: R | (() => R | undefined);
  /** The record as its user sees it. */
  readonly base?: RunOptions['base'];
  readonly variant?: 'primary' | 'secondary' | 'danger' | 'ghost';
  readonly size?: 'sm' | 'md';
  /** The button's name; said differently while it works and when it is done. */
  readonly children: string;
  readonly pendingLabel?: string;
  readonly doneLabel?: string;
  /** below: what became of it is told below the button; none: the page tells it. */
  readonly message?: 'below' | 'none';
  /** Not possible now. The button stays reachable, so that its reason can be read. */
  readonly disabled?: boolean;
  /** The id of the element that says why it is not possible now. */
  readonly describedBy?: string;
  readonly onReload?: () => void;
  readonly onResolve?: () => void;
  readonly onTakeOver?: () => void;
  readonly fieldLabel?: (field: string) => string | undefined;
}

/** Clicks that follow each other within this time are one burst, and one action. */
const burstMs = 500;
const doneShownMs = 2_500;

/** One action per burst of clicks; shows its way from the click to the answer; never loses the focus. */
export function SyncButton<R, A>(props: SyncButtonProps<R, A>): ReactNode {
  const { action, request, base, variant = 'primary', size = 'md', message = 'below', disabled = false } = props;
  const texts = useTexts();
  const isUnanswered = useWaitsForAnswer(action.state === 'queued');
  const showsDone = useShortly(action.state === 'done');
  const lastClickMs = useRef(Number.NEGATIVE_INFINITY);

  const onClick = (event: MouseEvent) => {
    const now = performance.now();
    // event.detail counts the clicks of a double click, however slow this system lets them be.
    const isBurst = event.detail > 1 || now - lastClickMs.current < burstMs;
    lastClickMs.current = now;
    const isOver = action.state === 'done_not_refreshed';
    if (isBurst || disabled || action.busy || isOver) return;
    const wanted = typeof request === 'function' ? (request as () => R | undefined)() : request;
    if (wanted !== undefined) void action.run(wanted, base ? { base } : {});
  };

  const { state } = action;
  const look = state === 'done' && !showsDone ? 'idle' : state === 'done_not_refreshed' ? 'done' : state;
  const pending = props.pendingLabel ?? texts.button.pending;
  const done = props.doneLabel ?? texts.button.done;
  const queued = isUnanswered ? texts.button.unanswered : texts.button.queued;
  const labels = { idle: props.children, pending, queued, refreshing: pending, done };
  const label = look === 'failed' ? labels.idle : labels[look];
  // The widest of the usual labels sets the width: nothing beside the button moves.
  const widest = [props.children, pending, done].filter((text) => text !== label);
  return (
    <span className="il-sync">
      <button
        type="button"
        className={`il-button il-button-${variant} il-button-${size}`}
        data-state={look}
        aria-busy={action.busy}
        aria-disabled={disabled || action.busy || state === 'done_not_refreshed'}
        aria-describedby={props.describedBy}
        onClick={onClick}
      >
        <span className="il-button-sign">
          <Sign look={look} />
        </span>
        <span className="il-button-label">
          <span>{label}</span>
          {widest.map((text) => (
            <span key={text} className="il-button-room" aria-hidden="true">
              {text}
            </span>
          ))}
        </span>
      </button>
      <span className="il-visually-hidden" role="status">
        {look === 'idle' || look === 'failed' ? '' : label}
      </span>
      {message === 'below' && <SyncMessage {...props} />}
    </span>
  );
}

function Sign({ look }: { look: string }): ReactNode {
  if (look === 'pending' || look === 'refreshing') return <Spinner />;
  if (look === 'queued') return <Icon name="clock" />;
  return look === 'done' ? <Icon name="check" /> : null;
}

/** What a message about an action needs. */
export type SyncMessageProps<R, A> = Pick<
  SyncButtonProps<R, A>,
  'action' | 'onReload' | 'onResolve' | 'onTakeOver' | 'fieldLabel'
>;

/** What became of an action, where a person has to know or do something. */
export function SyncMessage<R, A>({ action, ...ways }: SyncMessageProps<R, A>): ReactNode {
  const texts = useTexts();
  const isUnanswered = useWaitsForAnswer(action.state === 'queued');
  if (action.state === 'queued') {
    return isUnanswered ? (
      <Notice tone="warning" title={texts.button.unanswered} text={texts.button.unansweredText} />
    ) : (
      <Notice tone="neutral" title={texts.button.queued} text={texts.button.queuedText} />
    );
  }
  if (action.state === 'done_not_refreshed') {
    const refresh = { text: texts.button.refreshAgain, onClick: () => void action.refreshAgain() };
    return <Notice tone="success" {...texts.button.doneNotRefreshed} actions={[refresh]} />;
  }
  if (action.state !== 'failed') return null;
  return (
    <ProblemMessage
      error={action.error}
      onRetry={() => void action.retry()}
      onReload={ways.onReload}
      onResolve={ways.onResolve}
      onTakeOver={ways.onTakeOver}
      onDismiss={action.reset}
      fieldLabel={ways.fieldLabel}
    />
  );
}

/** True from when the condition comes true, for a short while. */
function useShortly(condition: boolean): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    setOver(false);
    if (!condition) return;
    const timer = setTimeout(() => setOver(true), doneShownMs);
    return () => clearTimeout(timer);
  }, [condition]);
  return condition && !isOver;
}
