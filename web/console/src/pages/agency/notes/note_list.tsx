// SPDX-License-Identifier: Apache-2.0
// Notes on a record: texts that are changed together, not a conversation.
import type { Note } from '@interlock/client';
import { useFormat, useLiveQuery, useNameOf } from '@interlock/react';
import { Button, Group, Menu, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../../client';
import { CreateDialog } from '../../../components/form/create_dialog';
import { EditDialog } from '../../../components/form/edit_dialog';
import type { FieldSpec } from '../../../components/form/field_spec';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { RowMenu } from '../../../components/row_menu';
import { tellDone } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { pageItems } from '../queries';

const fields: readonly FieldSpec[] = [
  { name: 'title', label: 'notes.name', kind: 'text' },
  { name: 'text', label: 'notes.text', kind: 'long', required: true },
];

export function NoteList({ subject }: { subject: string }) {
  const t = useT();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<Note>();
  const live = useLiveQuery('notes', { subject, sort: '-created_at', limit: pageItems });
  const add = may('notes.write') ? (
    <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setAdding(true)}>
      {t('notes.add')}
    </Button>
  ) : undefined;
  return (
    <>
      {add && live.items.length > 0 && (
        <Group justify="flex-end" mb="sm">
          {add}
        </Group>
      )}
      <ListState live={live} icon="edit" empty={t('notes.empty')} emptyText={t('notes.empty_text')} emptyAction={add}>
        <Stack gap="sm" component="ul" className="plain-list">
          {live.items.map((note) => (
            <NoteCard key={note.id} note={note} pending={live.pending.has(note.id)} onEdit={() => setEdited(note)} />
          ))}
        </Stack>
      </ListState>
      {adding && (
        <CreateDialog
          collection="notes"
          title={t('notes.add')}
          specs={fields}
          given={{ subject }}
          onClose={() => setAdding(false)}
        />
      )}
      {edited && (
        <EditDialog
          collection="notes"
          record={edited}
          specs={fields}
          title={t('notes.edit')}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}

function NoteCard({ note, pending, onEdit }: { note: Note; pending: boolean; onEdit: () => void }) {
  const t = useT();
  const may = useMay();
  const nameOf = useNameOf();
  const format = useFormat();
  const name = note.title || t('notes.untitled');
  const remove = async () => {
    await client.notes.delete(note);
    tellDone(t('trash.moved', { name }));
  };
  const deletion = may('notes.delete')
    ? { question: t('notes.delete_question', { name }), more: t('trash.text'), work: remove }
    : undefined;
  return (
    <Paper p="md" component="li" className="note" data-pending={pending || undefined}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div className="row-main">
          {note.title && (
            <Text fw={600} size="sm">
              {note.title}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {nameOf(note.created_by)} · {format.dateTime(note.updated_at)}
            {pending && ` · ${t('common.pending')}`}
          </Text>
        </div>
        <RowMenu name={name} deletion={deletion}>
          {may('notes.write') && (
            <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onEdit}>
              {t('common.edit')}
            </Menu.Item>
          )}
        </RowMenu>
      </Group>
      <Text size="sm" className="own-lines" mt={6}>
        {note.text}
      </Text>
    </Paper>
  );
}
