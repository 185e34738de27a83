// SPDX-License-Identifier: Apache-2.0
import { idPrefix, type Task } from '@interlock/client';
import { useFormat } from '@interlock/react';
import { Checkbox, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { RowMenu } from '../../../components/row_menu';
import { Row } from '../../../components/rows';
import { useAction } from '../../../lib/action';
import { usePeople } from '../../../lib/people';
import { settleOrQueue } from '../../../lib/perform';
import { tellDone, tellError } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { pageOf } from '../../../shell/page_of';
import { useT, useTexts } from '../../../texts/context';

interface Props {
  readonly task: Task;
  readonly pending: boolean;
  readonly showsSubject: boolean;
  readonly onEdit: () => void;
}

export function TaskRow({ task, pending, showsSubject, onEdit }: Props) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const people = usePeople();
  const format = useFormat();
  const check = useAction(async (done: boolean) => {
    try {
      await settleOrQueue(await client.perform('tasks/update', { done }, { base: task }));
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  const remove = async () => {
    await client.tasks.delete(task);
    tellDone(t('trash.moved', { name: task.title }));
  };
  const isLate = !task.done && task.due_at !== null && Date.parse(task.due_at) < Date.now();
  const due = task.due_at && (
    <span className={isLate ? 'late' : undefined}>
      {t(isLate ? 'tasks.late' : 'tasks.due_on', { at: format.dateTime(task.due_at) })}
    </span>
  );
  const reminder =
    task.reminder === 'waiting' && task.remind_at
      ? t('tasks.reminds', { at: format.dateTime(task.remind_at) })
      : task.reminder === 'sent'
        ? t('tasks.reminded')
        : undefined;
  const subject = showsSubject && task.subject && (
    <Link to={pageOf(task.subject)} className="text-link">
      {t(idPrefix(task.subject) === 'application' ? 'tasks.of_application' : 'tasks.of_record')}
    </Link>
  );
  const deletion = may('tasks.delete')
    ? { question: t('tasks.delete_question', { name: task.title }), more: t('trash.text'), work: remove }
    : undefined;
  return (
    <Row
      title={task.title}
      facts={[due || undefined, reminder, people.nameOf(task.assigned_to), subject || undefined]}
      pending={pending}
      start={
        <Checkbox
          aria-label={t('tasks.check', { name: task.title })}
          checked={task.done}
          disabled={!may('tasks.write') || check.busy}
          onChange={(event) => void check.run(event.currentTarget.checked)}
        />
      }
    >
      <RowMenu name={task.title} deletion={deletion}>
        {may('tasks.write') && (
          <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onEdit}>
            {t('common.edit')}
          </Menu.Item>
        )}
      </RowMenu>
    </Row>
  );
}
