// SPDX-License-Identifier: Apache-2.0
// The documents of a record: uploaded with progress, opened, renamed, deleted.
import type { Document } from '@interlock/client';
import { useFormat, useLiveQuery, useNameOf } from '@interlock/react';
import { Button, FileButton, Group, Menu } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { client } from '../../../client';
import { EditDialog } from '../../../components/form/edit_dialog';
import type { FieldSpec } from '../../../components/form/field_spec';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { RowMenu } from '../../../components/row_menu';
import { Row, Rows } from '../../../components/rows';
import { tellDone } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { pageItems } from '../queries';
import { addressOf } from './address';
import { DocumentLink } from './document_link';
import { UploadLines } from './upload_lines';
import { useUploads } from './use_uploads';

const fields: readonly FieldSpec[] = [
  { name: 'name', label: 'field.name', kind: 'text', required: true },
  { name: 'kind', label: 'catalogue.kind', kind: 'text' },
];

export function DocumentList({ subject }: { subject: string }) {
  const t = useT();
  const may = useMay();
  const [edited, setEdited] = useState<Document>();
  const [isOver, setOver] = useState(false);
  const live = useLiveQuery('documents', { subject, sort: '-created_at', limit: pageItems });
  const uploads = useUploads(subject);
  const writes = may('documents.write') && may('files.write');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    uploads.add([...event.dataTransfer.files]);
  };
  const add = writes ? (
    <FileButton multiple onChange={(files) => uploads.add(files)}>
      {(button) => (
        <Button {...button} size="xs" leftSection={<Icon name="upload" size={15} />}>
          {t('documents.upload')}
        </Button>
      )}
    </FileButton>
  ) : undefined;
  return (
    <section
      className="drop-zone"
      aria-label={t('checklist.title')}
      data-over={isOver || undefined}
      {...(writes && {
        onDragOver: (event: DragEvent) => {
          event.preventDefault();
          setOver(true);
        },
        onDragLeave: () => setOver(false),
        onDrop: drop,
      })}
    >
      {add && live.items.length > 0 && (
        <Group justify="flex-end" className="list-head">
          {add}
        </Group>
      )}
      <UploadLines uploads={uploads} />
      <ListState
        live={live}
        icon="upload"
        empty={t('documents.empty')}
        emptyText={t(writes ? 'documents.empty_text' : 'documents.empty_read')}
        emptyAction={add}
      >
        <Rows label={t('checklist.title')}>
          {live.items.map((one) => (
            <DocumentRow key={one.id} document={one} onEdit={() => setEdited(one)} />
          ))}
        </Rows>
      </ListState>
      {edited && (
        <EditDialog
          collection="documents"
          record={edited}
          specs={fields}
          title={t('documents.edit')}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  );
}

function DocumentRow({ document, onEdit }: { document: Document; onEdit: () => void }) {
  const t = useT();
  const may = useMay();
  const nameOf = useNameOf();
  const format = useFormat();
  const remove = async () => {
    await client.documents.delete(document);
    tellDone(t('trash.moved', { name: document.name }));
  };
  const deletion = may('documents.delete')
    ? { question: t('record.delete_question', { name: document.name }), more: t('trash.text'), work: remove }
    : undefined;
  return (
    <Row title={document.name} facts={[document.kind, nameOf(document.created_by), format.date(document.created_at)]}>
      <DocumentLink document={document} />
      <RowMenu name={document.name} deletion={deletion}>
        <Menu.Item
          component="a"
          href={`${addressOf(document)}?download=1`}
          leftSection={<Icon name="download" size={16} />}
        >
          {t('documents.download')}
        </Menu.Item>
        {may('documents.write') && (
          <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onEdit}>
            {t('common.edit')}
          </Menu.Item>
        )}
      </RowMenu>
    </Row>
  );
}
