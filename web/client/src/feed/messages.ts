// SPDX-License-Identifier: Apache-2.0
// What the server sends over the feed, and what the tabs of one browser tell each other about it.
import type { Actor } from '../calls.js';
import { collectionTable } from '../generated/api.js';

/** A record as a live query holds it. */
export interface LiveRecordBase {
  readonly id: string;
  readonly version: number;
}

/** One change, or the end of one's sight of a record. */
export type FeedChange =
  | {
      readonly type: 'change';
      readonly seq: number;
      readonly op_seq: number;
      readonly collection: string;
      readonly id: string;
      readonly operation: string;
      readonly version: number;
      readonly record: LiveRecordBase & Record<string, unknown>;
      readonly actor: Actor;
      /** The action's key; only its sender sees it. */
      readonly key?: string;
      readonly dependants?: 'back';
    }
  | {
      /** gone: deleted, or out of sight; back: in sight again, for those who follow only what hangs on it. */
      readonly type: 'gone' | 'back';
      readonly seq: number;
      readonly op_seq: number;
      readonly collection: string;
      readonly id: string;
      /** What hangs on the record (comments, activities) went or came with it, without a change of its own. */
      readonly dependants?: 'gone' | 'back';
    };

/** The field that names what a collection's records hang on and are seen through; none if they stand for themselves. */
export function throughField(collection: string): string | undefined {
  const table = collectionTable as Readonly<Record<string, { readonly through: string | undefined }>>;
  return table[collection]?.through;
}

/** Whether the feed tells of a collection; of one that is not in the table the server must say. */
export function isInFeed(collection: string): boolean {
  const table = collectionTable as Readonly<Record<string, { readonly inFeed: boolean }>>;
  return table[collection]?.inFeed ?? true;
}

/** Whether a change says something about a collection. */
export function concerns(change: FeedChange, collection: string): boolean {
  return (
    change.collection === collection || (change.dependants !== undefined && throughField(collection) !== undefined)
  );
}

/** Who looks at a record or edits it, and who holds its lease. */
export interface Presence {
  readonly subject: string;
  readonly users: readonly { readonly id: string; readonly name: string; readonly state: 'viewing' | 'editing' }[];
  readonly lease: { readonly holder: string; readonly name: string; readonly expires_at: string } | null;
}

/** Everything that the server sends; with the name of the subscription that it belongs to, if that has one. */
export type ServerMessage = { readonly subscription?: string } & (
  | FeedChange
  | { readonly type: 'reset'; readonly seq: number; readonly reason?: string }
  | { readonly type: 'heartbeat'; readonly seq: number }
  | ({ readonly type: 'presence' } & Presence)
  /** closed: nothing more comes, since who listens may not. */
  | { readonly type: 'error' | 'closed'; readonly code: string; readonly field?: string }
);

/** How the feed stands. */
export type FeedState =
  | 'connecting'
  | 'open'
  /** Tried again by itself; what is shown may be old. */
  | 'reconnecting'
  /** Log in again. */
  | 'logged_out'
  /** There is no WebSocket here. */
  | 'unsupported';

/** What one tab wants from the feed. */
export interface Want {
  /** Collections, and from which sequence on; another number of `asked` is another question. */
  readonly collections: Readonly<Record<string, { readonly since: number; readonly asked: number }>>;
  /** Records at which it shows who is there. */
  readonly presence: readonly string[];
  /** Records that its user looks at or edits. */
  readonly present: Readonly<Record<string, 'viewing' | 'editing'>>;
}

/** Between the tabs. One of them leads: it holds the socket, and passes on what comes. */
export type TabMessage =
  /** A new leader asks what everybody wants. */
  | { readonly kind: 'lead' }
  | { readonly kind: 'want'; readonly tab: string; readonly want: Want }
  | { readonly kind: 'leave'; readonly tab: string }
  /** From here on the tab gets all changes of the collection after `since`; these came already. */
  | {
      readonly kind: 'joined';
      readonly tab: string;
      readonly collection: string;
      readonly since: number;
      readonly changes: readonly FeedChange[];
    }
  | { readonly kind: 'change'; readonly change: FeedChange }
  /** These collections have come as far as this. */
  | { readonly kind: 'reached'; readonly collections: readonly string[]; readonly seq: number }
  | { readonly kind: 'presence'; readonly presence: Presence }
  /** The sequence cannot be resumed: list again. */
  | { readonly kind: 'reset'; readonly collections: readonly string[]; readonly seq: number | undefined }
  | { readonly kind: 'state'; readonly state: FeedState };
