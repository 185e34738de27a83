// SPDX-License-Identifier: Apache-2.0
export { Batch, type BatchResult, type BatchStep, batchOperationsMax } from './batch.js';
export type {
  Actor,
  AnswerOf,
  CollectionName,
  Filter,
  FilterValue,
  HistoryEntry,
  ListQuery,
  LiveCollectionName,
  OperationName,
  Page,
  RecordOf,
  RequestOf,
  Sort,
} from './calls.js';
export { operationParts } from './calls.js';
export { type Action, type ClientOptions, keysKeptHoursDefault } from './client.js';
export { CollectionCalls, type UpdateOptions, type WriteOptions } from './collection.js';
export {
  ConnectionLost,
  Discarded,
  InterlockError,
  isInterlockError,
  type ProblemDocument,
  Refusal,
  type StaleVersion,
  StorageFailed,
  TimedOut,
  UnexpectedAnswer,
  type UnexpectedReason,
} from './errors.js';
export type { FeedState, Presence } from './feed/messages.js';
export { FileCalls, type UploadOptions } from './files.js';
export type * from './generated/api.js';
export { IdMaker, idPrefix, isRecordId } from './ids.js';
export { type AllCollections, createClient, type InterlockClient } from './interlock.js';
export { type HeldLease, type HoldOptions, holderOf, LeaseCalls, type LeaseHolder } from './leases.js';
export { collectionOf } from './live/collection_of.js';
export type { LiveListQuery, PresenceHandle } from './live/live.js';
export type { LiveQuery, LiveSnapshot, LiveStatus } from './live/query.js';
export {
  type Choice,
  Conflict,
  type ConflictField,
  changedFields,
  type Resolution,
  rebase,
  sameJson,
  type Versioned,
} from './merge.js';
export { ownerOf } from './owner.js';
export type { ChannelLike, LocksLike, Platform, SocketLike, TextResponse } from './platform.js';
export type { ActionOptions, PlainCall, Shown } from './queue/action.js';
export type { Standing } from './queue/order.js';
export type { ActionQueue } from './queue/queue.js';
export type { QueuedAction, QueueStatus, SenderState } from './queue/status.js';
export type { LogIn, Session, SessionTenant, SessionUser } from './session.js';
export type { CallOptions, HttpCall } from './transport.js';
