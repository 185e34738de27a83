// SPDX-License-Identifier: Apache-2.0
import type { ChecklistItem } from '@interlock/client';
import { client } from '../../../client';
import { settleOrQueue } from '../../../lib/perform';

/** Ticks an item off, or ties it to a document; without a network later. Rejects with the refusal. */
export async function changeItem(
  item: ChecklistItem,
  changes: Partial<Pick<ChecklistItem, 'received' | 'document'>>,
): Promise<void> {
  // What the server does with it, at once: an item is received while it has a document.
  const shown = changes.document === undefined ? changes : { ...changes, received: changes.document !== null };
  const action = await client.perform('checklist-items/update', changes, { base: item, optimistic: shown });
  await settleOrQueue(action);
}
