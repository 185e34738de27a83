// SPDX-License-Identifier: Apache-2.0
// What was deleted of a collection, and the way back.
import type { LiveCollectionName, RecordOf } from '@interlock/client';
import { useFormat, useLiveQuery } from '@interlock/react';
import { Button } from '@mantine/core';
import { client } from '../client';
import { useAction } from '../lib/action';
import { tellDone, tellError } from '../lib/tell';
import { useMay } from '../session/session';
import { useT, useTexts } from '../texts/context';
import { Icon } from './icon';
import { ListState } from './list_state';
import { Row, Rows } from './rows';

type Deleted = { readonly id: string; readonly deleted_at?: string | null };

interface Props<C extends LiveCollectionName> {
  readonly collection: C;
  readonly label: string;
  readonly children: (
    items: readonly RecordOf<C>[],
    row: (record: RecordOf<C>, name: string) => React.ReactNode,
  ) => React.ReactNode;
}

const pageItems = 50;

/** Draws each deleted record with the name that its page gives it. */
export function TrashList<C extends LiveCollectionName>({ collection, label, children }: Props<C>) {
  const t = useT();
  const may = useMay();
  const live = useLiveQuery(collection, { deleted: true, limit: pageItems, sort: '-updated_at' } as never);
  const canRestore = may(`${collection}.delete`);
  return (
    <ListState live={live} icon="trash" empty={t('customers.trash_empty')} emptyText={t('customers.trash_empty_text')}>
      <Rows label={label}>
        {children(live.items, (record, name) => (
          <TrashLine
            key={record.id}
            {...{ collection, record, name, canRestore }}
            onRestored={() => void live.refresh()}
          />
        ))}
      </Rows>
    </ListState>
  );
}

interface LineProps {
  readonly collection: LiveCollectionName;
  readonly record: Deleted;
  readonly name: string;
  readonly canRestore: boolean;
  readonly onRestored: () => void;
}

function TrashLine({ collection, record, name, canRestore, onRestored }: LineProps) {
  const t = useT();
  const texts = useTexts();
  const format = useFormat();
  const restore = useAction(async () => {
    try {
      await client.collection(collection as 'partners').restore(record.id);
      tellDone(t('customers.restored', { name }));
      onRestored();
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  return (
    <Row title={name} facts={[record.deleted_at ? t('trash.when', { ago: format.ago(record.deleted_at) }) : undefined]}>
      {canRestore && (
        <Button
          size="compact-sm"
          variant="default"
          loading={restore.busy}
          leftSection={<Icon name="restore" size={14} />}
          onClick={() => void restore.run()}
        >
          {t('common.restore')}
        </Button>
      )}
    </Row>
  );
}
