// SPDX-License-Identifier: Apache-2.0
// Tasks of a record or of a person: what is to be done, until when, and when somebody is reminded.
import type { LiveListQuery, Task } from '@interlock/client';
import { useLiveQuery } from '@interlock/react';
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { CreateDialog } from '../../../components/form/create_dialog';
import { EditDialog } from '../../../components/form/edit_dialog';
import type { FieldSpec } from '../../../components/form/field_spec';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { Rows } from '../../../components/rows';
import { useMailIsSent } from '../../../session/server_state';
import { useMay, useSession } from '../../../session/session';
import { useT } from '../../../texts/context';
import { pageItems } from '../queries';
import { TaskRow } from './task_row';

const fields: readonly FieldSpec[] = [
  { name: 'title', label: 'tasks.name', kind: 'text', required: true },
  { name: 'due_at', label: 'tasks.due', kind: 'moment', half: true },
  { name: 'remind_at', label: 'tasks.remind', kind: 'moment', half: true, hint: 'tasks.remind_hint' },
  { name: 'assigned_to', label: 'field.assigned_to', kind: 'user' },
];

const withoutMail = fields.map((field) =>
  field.hint === 'tasks.remind_hint' ? { ...field, hint: 'tasks.remind_hint_timeline' as const } : field,
);

/** No mail is promised where none can be sent. */
const useTaskFields = () => (useMailIsSent() ? fields : withoutMail);

interface Props {
  readonly filter: Pick<LiveListQuery<'tasks'>, 'subject' | 'assigned_to'>;
  /** On what a new one is; without it none is added here. */
  readonly subject?: string;
}

export function TaskList({ filter, subject }: Props) {
  const t = useT();
  const may = useMay();
  const me = useSession().user.id;
  const [adding, setAdding] = useState(false);
  const specs = useTaskFields();
  const [edited, setEdited] = useState<Task>();
  const open = useLiveQuery('tasks', { ...filter, done: false, sort: 'due_at', limit: pageItems });
  const done = useLiveQuery('tasks', { ...filter, done: true, sort: '-done_at', limit: pageItems });
  const add =
    subject && may('tasks.write') ? (
      <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setAdding(true)}>
        {t('tasks.add')}
      </Button>
    ) : undefined;
  const lines = (tasks: readonly Task[], pending: ReadonlySet<string>) =>
    tasks.map((task) => (
      <TaskRow
        key={task.id}
        task={task}
        pending={pending.has(task.id)}
        showsSubject={subject === undefined}
        onEdit={() => setEdited(task)}
      />
    ));
  const isEmpty = open.items.length === 0 && done.items.length === 0;
  return (
    <>
      {add && !isEmpty && (
        <Group justify="flex-end" className="list-head">
          {add}
        </Group>
      )}
      {(open.items.length > 0 || done.items.length === 0) && (
        <ListState
          live={open}
          icon="check"
          empty={t('tasks.empty')}
          emptyText={t('tasks.empty_text')}
          emptyAction={add}
        >
          <Rows label={t('tasks.open')}>{lines(open.items, open.pending)}</Rows>
        </ListState>
      )}
      {done.items.length > 0 && (
        <>
          <Text size="xs" fw={600} c="dimmed" className="list-label">
            {t('tasks.done')}
          </Text>
          <ListState live={done} icon="check" empty={t('tasks.empty')} emptyText={t('tasks.empty_text')}>
            <Rows label={t('tasks.done')}>{lines(done.items, done.pending)}</Rows>
          </ListState>
        </>
      )}
      {adding && subject && (
        <CreateDialog
          collection="tasks"
          title={t('tasks.add')}
          specs={specs}
          initial={{ assigned_to: me }}
          given={{ subject }}
          onClose={() => setAdding(false)}
        />
      )}
      {edited && (
        <EditDialog
          collection="tasks"
          record={edited}
          specs={specs}
          title={t('tasks.edit')}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}
