// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { describeProblem, type ProblemKind, type WayOn } from '../problem.js';
import { useFormat, useSurroundings, useTexts } from '../provider.js';
import { Icon } from './icons.js';

/** What the page can do about a problem; a way on that it cannot go is not offered. */
export interface ProblemMessageProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** Shows what there is now. */
  readonly onReload?: (() => void) | undefined;
  /** Opens the comparison of both changes. */
  readonly onResolve?: (() => void) | undefined;
  readonly onTakeOver?: (() => void) | undefined;
  readonly onDismiss?: (() => void) | undefined;
  /** What a field is called; without it a refusal's field is not named. */
  readonly fieldLabel?: ((field: string) => string | undefined) | undefined;
}

/** What passes by itself. */
const passing: ReadonlySet<ProblemKind> = new Set(['connection_lost', 'gateway', 'timed_out', 'busy']);

/** What went wrong, and the way on that helps. */
export function ProblemMessage(props: ProblemMessageProps): ReactNode {
  const { error, onDismiss, fieldLabel } = props;
  const texts = useTexts();
  const format = useFormat();
  const { onLogIn } = useSurroundings();
  const { kind, title, text, wayOn, field } = describeProblem(error, texts, format);
  const label = field && fieldLabel?.(field);
  const ways: Partial<Record<WayOn, readonly [string, (() => void) | undefined]>> = {
    retry: [texts.retry, props.onRetry],
    log_in: [texts.logIn, onLogIn],
    reload: [texts.reload, props.onReload],
    resolve: [texts.resolve, props.onResolve],
    take_over: [texts.takeOver, props.onTakeOver],
  };
  const [wayText, onWay] = ways[wayOn] ?? [];
  return (
    <Notice
      tone={passing.has(kind) ? 'warning' : 'danger'}
      title={title}
      text={label ? `${texts.aboutField(label)}. ${text}` : text}
      actions={[
        ...(onWay && wayText ? [{ text: wayText, onClick: onWay }] : []),
        ...(onDismiss ? [{ text: texts.dismiss, onClick: onDismiss }] : []),
      ]}
    />
  );
}

/** What a notice is about. */
export interface NoticeProps {
  readonly tone: 'danger' | 'warning' | 'success' | 'neutral';
  readonly title: string;
  readonly text?: string | undefined;
  readonly actions?: readonly { readonly text: string; readonly onClick: () => void }[];
}

/** A message that is read aloud when it appears. */
export function Notice({ tone, title, text, actions = [] }: NoticeProps): ReactNode {
  return (
    <div className={`il-notice il-notice-${tone}`} role={tone === 'danger' || tone === 'warning' ? 'alert' : 'status'}>
      <Icon name={tone === 'success' ? 'check' : tone === 'neutral' ? 'clock' : 'warning'} />
      <div className="il-notice-body">
        <p className="il-notice-title">{title}</p>
        {text && <p className="il-notice-text">{text}</p>}
        {actions.length > 0 && (
          <div className="il-notice-actions">
            {actions.map((one) => (
              <button type="button" className="il-link" key={one.text} onClick={one.onClick}>
                {one.text}
              </button>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
