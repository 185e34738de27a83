// SPDX-License-Identifier: Apache-2.0
// What an application waits for: ticked off by hand, or by the document that came.
import type { ChecklistItem, Document } from '@interlock/client';
import { useFormat } from '@interlock/react';
import { Button, Checkbox, FileButton, Menu } from '@mantine/core';
import { useRef } from 'react';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { RowMenu } from '../../../components/row_menu';
import { Row } from '../../../components/rows';
import { useAction } from '../../../lib/action';
import { tellDone, tellError } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT, useTexts } from '../../../texts/context';
import { DocumentLink } from '../documents/document_link';
import { UploadLines } from '../documents/upload_lines';
import { useUploads } from '../documents/use_uploads';
import { changeItem } from './change';

interface Props {
  /** The application. */
  readonly subject: string;
  readonly item: ChecklistItem;
  /** The one it is tied to, as soon as it is known. */
  readonly document: Document | undefined;
  readonly pending: boolean;
  readonly onEdit: () => void;
  readonly onChoose: () => void;
}

export function ItemRow({ subject, item, document, pending, onEdit, onChoose }: Props) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const format = useFormat();
  const latest = useRef(item);
  latest.current = item;
  const uploads = useUploads(subject, ({ id }) => changeItem(latest.current, { document: id }));
  const change = useAction(async (changes: Parameters<typeof changeItem>[1]) => {
    try {
      await changeItem(item, changes);
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  const untie = async () => {
    if (await change.run({ document: null })) tellDone(t('checklist.untied'));
  };
  const remove = async () => {
    await client['checklist-items'].delete(item);
    tellDone(t('trash.moved', { name: item.name }));
  };
  const writes = may('checklist-items.write');
  const deletion = may('checklist-items.delete')
    ? { question: t('checklist.delete_question', { name: item.name }), more: t('trash.text'), work: remove }
    : undefined;
  return (
    <Row
      title={item.name}
      facts={[
        item.required ? undefined : t('common.optional'),
        item.received_at ? t('checklist.received_on', { at: format.date(item.received_at) }) : t('checklist.missing'),
        item.document ? document?.name : undefined,
      ]}
      pending={pending}
      start={
        <Checkbox
          aria-label={t('checklist.check', { name: item.name })}
          checked={item.received}
          disabled={!writes || item.document !== null || change.busy}
          onChange={(event) => void change.run({ received: event.currentTarget.checked })}
        />
      }
      below={<UploadLines uploads={uploads} />}
    >
      {document && <DocumentLink document={document} />}
      {writes && !item.document && (
        <AttachMenu name={item.name} onFile={(file) => uploads.add([file])} onChoose={onChoose} />
      )}
      <RowMenu name={item.name} deletion={deletion}>
        {writes && item.document && (
          <Menu.Item leftSection={<Icon name="close" size={16} />} onClick={() => void untie()}>
            {t('checklist.untie')}
          </Menu.Item>
        )}
        {writes && (
          <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onEdit}>
            {t('common.edit')}
          </Menu.Item>
        )}
      </RowMenu>
    </Row>
  );
}

interface AttachProps {
  readonly name: string;
  readonly onFile: (file: File) => void;
  readonly onChoose: () => void;
}

function AttachMenu({ name, onFile, onChoose }: AttachProps) {
  const t = useT();
  const may = useMay();
  const uploads = may('documents.write') && may('files.write');
  if (!uploads && !may('documents.read')) return null;
  return (
    // Around the menu, since the menu's own lines are gone by the time that a file is chosen.
    <FileButton onChange={(file) => file && onFile(file)}>
      {({ onClick }) => (
        <Menu>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="clip" size={14} />}
              aria-label={`${t('checklist.attach')}: ${name}`}
            >
              {t('checklist.attach')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {uploads && (
              <Menu.Item leftSection={<Icon name="upload" size={16} />} onClick={onClick}>
                {t('checklist.upload')}
              </Menu.Item>
            )}
            {may('documents.read') && (
              <Menu.Item leftSection={<Icon name="list" size={16} />} onClick={onChoose}>
                {t('checklist.choose')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </FileButton>
  );
}
