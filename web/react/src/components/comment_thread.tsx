// SPDX-License-Identifier: Apache-2.0
// The comments of a record and the place to write one. What is being typed belongs to its user alone: neither another
// comment, nor a lost network, nor a reload touches it.
import type { Comment, QueuedAction } from '@interlock/client';
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useLiveQuery } from '../hooks/use_live.js';
import { useNameOf } from '../hooks/use_name_of.js';
import { useNow } from '../hooks/use_now.js';
import { useIsAway } from '../hooks/use_online.js';
import { useQueueStatus } from '../hooks/use_queue_status.js';
import { describeProblem } from '../problem.js';
import { useFormat, useKnownSession, useTexts } from '../provider.js';
import { CommentForm, type CommentFormHandle } from './comment_form.js';
import { Icon } from './icons.js';
import { LoadingNote } from './loading_note.js';
import { ProblemMessage } from './problem_message.js';

/** The comments of one record. */
export interface CommentThreadProps {
  readonly subject: string;
  /** How many are shown at first; 50 unless given. */
  readonly limit?: number;
  /** False: they can be read only. */
  readonly canWrite?: boolean;
}

/** All comments, oldest first, as everybody sees them; below, the user's own next one. */
export function CommentThread({ subject, limit = 50, canWrite = true }: CommentThreadProps): ReactNode {
  const live = useLiveQuery('comments', { subject, sort: '-created_at', limit });
  const comments = useMemo(() => [...live.items].reverse(), [live.items]);
  const isAway = useIsAway(live.error);
  const aside = useAside(subject);
  const texts = useTexts();
  const titleId = useId();
  const form = useRef<CommentFormHandle>(null);
  const byId = useMemo(() => new Map(comments.map((one) => [one.id, one])), [comments]);
  const isEmpty = live.status !== 'loading' && live.status !== 'failed' && comments.length + aside.length === 0;
  return (
    <section className="il-comments" aria-labelledby={titleId} aria-busy={live.status === 'loading'}>
      <h2 id={titleId} className="il-title">
        {texts.comments.title}
      </h2>
      <Arrivals comments={comments} isLoaded={live.status !== 'loading' && live.status !== 'failed'} />
      {(live.status === 'loading' || isAway) && <LoadingNote />}
      {live.status === 'failed' && !isAway && <ProblemMessage error={live.error} onRetry={() => void live.refresh()} />}
      {live.hasMore && (
        <button type="button" className="il-link" onClick={() => void live.fetchMore()}>
          {texts.comments.earlier}
        </button>
      )}
      {isEmpty && (
        <div className="il-empty">
          <p className="il-empty-title">{texts.comments.none}</p>
          {canWrite && <p>{texts.comments.noneText}</p>}
        </div>
      )}
      <ol className="il-comment-list">
        {comments.map((comment) => (
          <OneComment
            key={comment.id}
            comment={comment}
            answered={comment.reply_to ? byId.get(comment.reply_to) : undefined}
            isPending={live.pending.has(comment.id)}
            onReply={canWrite ? () => form.current?.replyTo(comment.id) : undefined}
          />
        ))}
        {aside.map((item) => (
          <AsideComment key={item.key} item={item} onChange={(text) => form.current?.takeBack(text)} />
        ))}
      </ol>
      {canWrite && <CommentForm handle={form} subject={subject} comments={byId} />}
    </section>
  );
}

interface OneCommentProps {
  readonly comment: Comment;
  readonly answered: Comment | undefined;
  readonly isPending: boolean;
  readonly onReply: (() => void) | undefined;
}

function OneComment({ comment, answered, isPending, onReply }: OneCommentProps): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  const nameOf = useNameOf();
  const now = useNow();
  const author = nameOf(comment.created_by);
  return (
    <li className="il-comment" data-pending={isPending}>
      <Avatar name={author} />
      <div className="il-comment-body">
        <p className="il-comment-head">
          <strong>{author}</strong>
          {isPending ? (
            <span className="il-pending">
              <Icon name="clock" /> {texts.comments.pending}
            </span>
          ) : (
            <time dateTime={comment.created_at} title={format.dateTime(comment.created_at)}>
              {format.ago(comment.created_at, now)}
            </time>
          )}
        </p>
        {answered && (
          <p className="il-comment-quote">
            {texts.comments.replyTo(nameOf(answered.created_by))}: <q>{excerpt(answered.text)}</q>
          </p>
        )}
        <p className="il-comment-text">{comment.text}</p>
        {onReply && !isPending && (
          <button
            type="button"
            className="il-link"
            aria-label={`${texts.comments.reply}: ${author}, ${excerpt(comment.text)}`}
            onClick={onReply}
          >
            {texts.comments.reply}
          </button>
        )}
      </div>
    </li>
  );
}

/** A comment that was not accepted: its text is still there. */
function AsideComment({ item, onChange }: { item: QueuedAction; onChange: (text: string) => void }): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  const queue = useQueueStatus();
  const text = String(item.request.text ?? '');
  const problem = item.error && describeProblem(item.error, texts, format);
  const change = async () => {
    // First into the form: whatever happens in between, the text is somewhere.
    onChange(text);
    await queue.discard(item.key);
  };
  return (
    <li className="il-comment il-comment-aside">
      <div className="il-comment-body">
        <p className="il-comment-head">
          <strong className="il-tone-danger">{texts.comments.failed}</strong>
        </p>
        <p className="il-comment-text">{text}</p>
        <p className="il-queue-reason" role="alert">
          {problem
            ? `${problem.title}. ${problem.text}`
            : texts.queue[item.standing === 'held' ? 'held' : 'tooOldText']}
        </p>
        <div className="il-queue-actions">
          {item.standing !== 'held' && (
            <button type="button" className="il-link" onClick={() => void queue.retry(item.key)}>
              {texts.comments.again}
            </button>
          )}
          <button type="button" className="il-link" onClick={() => void change()}>
            {texts.comments.change}
          </button>
          <button type="button" className="il-link" onClick={() => void queue.discard(item.key)}>
            {texts.comments.drop}
          </button>
        </div>
      </div>
    </li>
  );
}

/** Says aloud that others have written; the list itself would read all of it. */
function Arrivals({ comments, isLoaded }: { comments: readonly Comment[]; isLoaded: boolean }): ReactNode {
  const texts = useTexts();
  const me = useKnownSession()?.user.id;
  const since = useRef<string | undefined>(undefined);
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (!isLoaded) return;
    since.current ??= comments.at(-1)?.created_at ?? '';
    const first = since.current;
    setCount(comments.filter((one) => one.created_at > first && one.created_by !== me).length);
  }, [comments, isLoaded, me]);
  return (
    <p className="il-visually-hidden" role="status">
      {count > 0 ? texts.comments.arrived(count) : ''}
    </p>
  );
}

/** The comments on this record that were not accepted. */
function useAside(subject: string): readonly QueuedAction[] {
  const { items } = useQueueStatus();
  return useMemo(
    () =>
      items.filter(
        ({ operation, request, standing }) =>
          operation === 'comments/create' &&
          request.subject === subject &&
          standing !== 'ready' &&
          standing !== 'waiting',
      ),
    [items, subject],
  );
}

function Avatar({ name }: { name: string }): ReactNode {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return (
    <span className="il-avatar" aria-hidden="true">
      {letters.join('').toLocaleUpperCase()}
    </span>
  );
}

const excerptCharactersMax = 80;
const excerpt = (text: string) =>
  text.length > excerptCharactersMax ? `${text.slice(0, excerptCharactersMax)}…` : text;
