// SPDX-License-Identifier: Apache-2.0
// What was typed into records, or is to be added to them, and is not saved: with the way back to it.
import { type ReactNode, useState } from 'react';
import type { UnsavedEditsHandle } from '../hooks/use_unsaved_edits.js';
import { useFormat, useTexts } from '../provider.js';
import type { UnsavedEdit } from '../stores/draft_storage.js';
import { useActionName } from './queue_list.js';

interface Props {
  readonly unsaved: UnsavedEditsHandle;
  readonly onOpenRecord: ((id: string) => void) | undefined;
}

const shownMax = 50;

export function UnsavedList({ unsaved, onOpenRecord }: Props): ReactNode {
  const { queue } = useTexts();
  const format = useFormat();
  const { edits, losable, drop } = unsaved;
  if (edits.length === 0) return null;
  return (
    <div className="il-panel-body">
      <h3 className="il-queue-title">
        {queue.unsavedTitle} <span className="il-count">{format.number(edits.length)}</span>
      </h3>
      <p className="il-dim">{losable ? queue.unsavedLosable : queue.unsavedText}</p>
      <ul className="il-queue">
        {edits.slice(0, shownMax).map((edit) => (
          <UnsavedItem key={edit.name} edit={edit} onDrop={() => drop(edit.name)} onOpenRecord={onOpenRecord} />
        ))}
        {edits.length > shownMax && <li>{queue.more(format.number(edits.length - shownMax))}</li>}
      </ul>
    </div>
  );
}

function UnsavedItem(props: { edit: UnsavedEdit; onDrop: () => void } & Pick<Props, 'onOpenRecord'>): ReactNode {
  const { edit, onDrop, onOpenRecord } = props;
  const { queue } = useTexts();
  const nameOf = useActionName();
  const [isAsking, setAsking] = useState(false);
  return (
    <li className="il-queue-item">
      <p className="il-queue-name">{nameOf({ operation: edit.operation })}</p>
      {isAsking ? (
        <div className="il-queue-actions">
          <span>{queue.discardSure}</span>
          <button type="button" className="il-link il-tone-danger" onClick={onDrop}>
            {queue.discardYes}
          </button>
          <button type="button" className="il-link" onClick={() => setAsking(false)}>
            {queue.discardNo}
          </button>
        </div>
      ) : (
        <div className="il-queue-actions">
          {onOpenRecord && (
            <button type="button" className="il-link" onClick={() => onOpenRecord(edit.record)}>
              {queue.open}
            </button>
          )}
          <button type="button" className="il-link" onClick={() => setAsking(true)}>
            {queue.discard}
          </button>
        </div>
      )}
    </li>
  );
}
