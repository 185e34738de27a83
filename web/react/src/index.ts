// SPDX-License-Identifier: Apache-2.0
export { CommentThread, type CommentThreadProps } from './components/comment_thread.js';
export { ConflictDialog, type ConflictDialogProps } from './components/conflict_dialog.js';
export type { AnyFieldViews, FieldEditorProps, FieldView, FieldViews } from './components/fields.js';
export { HistoryPanel, type HistoryPanelProps } from './components/history_panel.js';
export { OfflineIndicator, type OfflineIndicatorProps } from './components/offline_indicator.js';
export { PresenceNote, type PresenceNoteProps } from './components/presence_note.js';
export { Notice, type NoticeProps, ProblemMessage, type ProblemMessageProps } from './components/problem_message.js';
export { SyncButton, type SyncButtonProps, SyncMessage, type SyncMessageProps } from './components/sync_button.js';
export { type Format, type FormatSettings, makeFormat } from './format.js';
export { type Draft, useDraft } from './hooks/use_draft.js';
export { type RecordHistory, useHistory } from './hooks/use_history.js';
export { type LeaseHandle, type LeaseState, useLease } from './hooks/use_lease.js';
export { type LiveList, type LiveOne, type LiveOptions, useLiveQuery, useLiveRecord } from './hooks/use_live.js';
export { useNameOf } from './hooks/use_name_of.js';
export { useIsAway, useOnline } from './hooks/use_online.js';
export { type Present, usePresence } from './hooks/use_presence.js';
export { type QueueHandle, useQueueStatus } from './hooks/use_queue_status.js';
export { type RecordEdit, type RecordEditOptions, useRecordEdit } from './hooks/use_record_edit.js';
export { type Mutation, type SyncMutationOptions, useSyncMutation } from './hooks/use_sync_mutation.js';
export { type UnsavedEditsHandle, useUnsavedEdits } from './hooks/use_unsaved_edits.js';
export { usersQuery, useUsers } from './hooks/use_users.js';
export { currencyDigits, toMajor, toMinor } from './money.js';
export { describeProblem, type Problem, type ProblemKind, type WayOn } from './problem.js';
export {
  InterlockProvider,
  type InterlockProviderProps,
  useFormat,
  useInterlock,
  useSession,
  useTexts,
} from './provider.js';
export { nameOfAddition, type UnsavedEdit, type UnsavedEdits } from './stores/draft_storage.js';
export type { MutationOptions, MutationState, Result, RunOptions, Via } from './stores/mutation_store.js';
export type { QueueState } from './stores/queue_store.js';
export type { SessionState } from './stores/session_store.js';
export { english, type ProblemText, type Texts } from './texts/english.js';
export { spanish } from './texts/spanish.js';
