// SPDX-License-Identifier: Apache-2.0
import type { Comment } from '@interlock/client';
import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { useDraft } from '../hooks/use_draft.js';
import { useNameOf } from '../hooks/use_name_of.js';
import { useInterlock, useTexts } from '../provider.js';
import { nameOfAddition } from '../stores/draft_storage.js';
import { Icon, Spinner } from './icons.js';
import { ProblemMessage } from './problem_message.js';

/** What the thread asks of the form. */
export interface CommentFormHandle {
  replyTo(comment: string): void;
  /** A text that was not accepted comes back, beside what is being typed. */
  takeBack(text: string): void;
}

interface CommentDraft {
  readonly text: string;
  readonly replyTo: string | null;
}

interface CommentFormProps {
  readonly handle: Ref<CommentFormHandle>;
  readonly subject: string;
  /** Those that are shown, for the name of whom one answers. */
  readonly comments: ReadonlyMap<string, Comment>;
}

const empty: CommentDraft = { text: '', replyTo: null };

/** The user's next comment. Kept with every letter; sent once, with or without a network. */
export function CommentForm({ handle, subject, comments }: CommentFormProps): ReactNode {
  const client = useInterlock();
  const texts = useTexts();
  const nameOf = useNameOf();
  const draft = useDraft<CommentDraft>(nameOfAddition('comments', subject), empty);
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const isKeeping = useRef(false);
  const [keeping, setKeeping] = useState(false);
  const [error, setError] = useState<unknown>();
  const { text, replyTo } = draft.value;
  const answered = replyTo === null ? undefined : comments.get(replyTo);
  const answeredName = replyTo === null ? undefined : nameOf(answered?.created_by ?? 'unknown');

  useImperativeHandle(handle, () => ({
    replyTo: (comment) => {
      draft.set((before) => ({ ...before, replyTo: comment }));
      area.current?.focus();
    },
    takeBack: (back) => {
      draft.set((before) => ({ ...before, text: before.text === '' ? back : `${back}\n\n${before.text}` }));
      area.current?.focus();
    },
  }));

  const send = async () => {
    const sent = text.trim();
    // A second click while the first one is being kept is the same comment.
    if (sent === '' || isKeeping.current) return;
    isKeeping.current = true;
    setKeeping(true);
    setError(undefined);
    try {
      const action = await client.perform('comments/create', { subject, text: sent, reply_to: replyTo });
      // What becomes of it the list shows.
      action.settled.catch(() => {});
      // What was typed meanwhile is the next one.
      if (area.current?.value === text) draft.clear();
      else draft.set((now) => ({ ...now, replyTo: null }));
      area.current?.focus();
    } catch (failure) {
      setError(failure);
    } finally {
      isKeeping.current = false;
      setKeeping(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send();
  };
  const hint = !draft.kept ? texts.comments.draftNotKept : draft.restored ? texts.comments.draftRestored : undefined;
  return (
    <form className="il-comment-form" onSubmit={onSubmit}>
      {answeredName !== undefined && (
        <p className="il-comment-answering">
          <Icon name="reply" /> <span>{texts.comments.replyTo(answeredName)}</span>
          <button
            type="button"
            className="il-icon-button"
            aria-label={texts.comments.stopReply}
            onClick={() => draft.set((before) => ({ ...before, replyTo: null }))}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
      <label className="il-visually-hidden" htmlFor={`${id}-text`}>
        {answeredName === undefined ? texts.comments.label : texts.comments.replyLabel(answeredName)}
      </label>
      <textarea
        ref={area}
        id={`${id}-text`}
        className="il-input"
        rows={3}
        placeholder={texts.comments.label}
        value={text}
        aria-describedby={`${id}-hint`}
        onChange={(event) => draft.set((before) => ({ ...before, text: event.target.value }))}
        onKeyDown={onKeyDown}
      />
      <div className="il-comment-send">
        <p id={`${id}-hint`} className="il-dim" role="status">
          {hint ?? (text === '' ? texts.comments.hint : texts.comments.draftKept)}
        </p>
        <button
          type="submit"
          className="il-button il-button-primary il-button-sm"
          aria-disabled={text.trim() === '' || keeping}
          aria-busy={keeping}
        >
          {keeping && <Spinner />}
          {keeping ? texts.comments.sending : texts.comments.send}
        </button>
      </div>
      {error !== undefined && <ProblemMessage error={error} onRetry={() => void send()} />}
    </form>
  );
}
