// SPDX-License-Identifier: Apache-2.0
// Which of the documents that are there already is the one that was asked for.
import type { ChecklistItem, Document } from '@interlock/client';
import { useFormat, useLiveQuery } from '@interlock/react';
import { Button, Modal } from '@mantine/core';
import { FormError } from '../../../components/form_error';
import { ListState } from '../../../components/list_state';
import { Row, Rows } from '../../../components/rows';
import { useAction } from '../../../lib/action';
import { useT } from '../../../texts/context';
import { pageItems } from '../queries';
import { changeItem } from './change';

interface Props {
  readonly item: ChecklistItem;
  /** Whose documents are offered. */
  readonly subjects: readonly string[];
  /** Those of the list's items. */
  readonly taken: readonly (string | null)[];
  readonly onClose: () => void;
}

export function ChooseDocument({ item, subjects, taken, onClose }: Props) {
  const t = useT();
  const format = useFormat();
  const live = useLiveQuery('documents', { subject: [...subjects], sort: '-created_at', limit: pageItems });
  const choice = useAction((document: Document) => changeItem(item, { document: document.id }));
  const choose = async (document: Document) => {
    if (await choice.run(document)) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('checklist.choose_title', { name: item.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <FormError text={choice.formError()} />
      <ListState live={live} icon="upload" empty={t('documents.empty')} emptyText={t('checklist.choose_empty')}>
        <Rows label={t('checklist.title')}>
          {live.items.map((document) => (
            <Row
              key={document.id}
              title={document.name}
              facts={[
                document.kind,
                format.date(document.created_at),
                taken.includes(document.id) ? t('checklist.taken') : undefined,
              ]}
            >
              <Button
                size="compact-sm"
                variant="default"
                disabled={choice.busy}
                aria-label={t('checklist.take', { name: document.name })}
                onClick={() => void choose(document)}
              >
                {t('checklist.take_short')}
              </Button>
            </Row>
          ))}
        </Rows>
      </ListState>
    </Modal>
  );
}
