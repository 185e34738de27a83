// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useInterlock, useKnownSession } from '../provider.js';
import { dropDraft, onDrafts, type UnsavedEdits, unsavedEdits } from '../stores/draft_storage.js';
import { draftOwner } from './use_draft.js';

/** What was typed into records and is not saved, here or in another tab of this browser. */
export interface UnsavedEditsHandle extends UnsavedEdits {
  /** Forgets one. */
  drop(name: string): void;
}

/** Follows what is not saved. */
export function useUnsavedEdits(): UnsavedEditsHandle {
  const owner = draftOwner(useInterlock(), useKnownSession());
  // A text is the same until something changes; a list would be a new one each time.
  const get = useCallback(() => (owner === undefined ? '' : JSON.stringify(unsavedEdits(owner))), [owner]);
  const text = useSyncExternalStore(onDrafts, get, () => '');
  return useMemo(() => {
    const found: UnsavedEdits = text ? JSON.parse(text) : { edits: [], losable: false };
    return { ...found, drop: (name: string) => owner !== undefined && dropDraft(owner, name) };
  }, [text, owner]);
}
