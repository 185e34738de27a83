// SPDX-License-Identifier: Apache-2.0
// What somebody has to do with: the clients assigned to them, what those are interested in, applications, tasks.
import { useLiveRecord } from '@interlock/react';
import { Avatar, Button, Group, Text, Title } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { RecordTabs } from '../../../components/form/record_page';
import { ErrorState, LoadingLines, Message } from '../../../components/states';
import { isNoId } from '../../../lib/error_text';
import { useSession } from '../../../session/session';
import { useT } from '../../../texts/context';
import { ApplicationList } from '../applications/application_list';
import { useOffered } from '../catalogue/tabs';
import { TaskList } from '../tasks/task_list';
import { UserClients, UserServices } from './user_clients';

/** The page of any user. */
export function UserPage() {
  const t = useT();
  const { id } = useParams({ from: '/members/users/$id' });
  const { tab } = useSearch({ from: '/members/users/$id' });
  const { record, status, missing, error, refresh } = useLiveRecord('users', id);
  if (record) {
    return (
      <UserView
        id={id}
        name={record.name || record.email}
        text={record.email}
        role={t(`role.${record.role}`)}
        tab={tab}
      />
    );
  }
  if (missing || isNoId(error)) {
    return (
      <Message icon="user" title={t('record.missing')} text={t('customer.missing_text')}>
        <Button component={Link} to="/work" variant="default">
          {t('nav.my_work')}
        </Button>
      </Message>
    );
  }
  return status === 'failed' ? <ErrorState error={error} onRetry={() => void refresh()} /> : <LoadingLines lines={8} />;
}

/** The same for whoever is logged in. */
export function MyWorkPage() {
  const t = useT();
  const { user } = useSession();
  const { tab } = useSearch({ from: '/members/work' });
  return <UserView id={user.id} name={t('nav.my_work')} text={t('work.text')} tab={tab} />;
}

interface ViewProps {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly role?: string;
  readonly tab: string | undefined;
}

function UserView({ id, name, text, role, tab }: ViewProps) {
  const t = useT();
  useEffect(() => {
    document.title = `${name} · ${t('app.name')}`;
  }, [name, t]);
  const tabs = useOffered([
    {
      name: 'services',
      text: t('services.title'),
      needs: 'interested-services.read',
      module: 'agency',
      content: <UserServices user={id} />,
    },
    {
      name: 'applications',
      text: t('applications.title'),
      needs: 'applications.read',
      module: 'agency',
      content: <ApplicationList filter={{ assigned_to: id }} />,
    },
    { name: 'tasks', text: t('tasks.title'), needs: 'tasks.read', content: <TaskList filter={{ assigned_to: id }} /> },
    { name: 'clients', text: t('nav.customers'), needs: 'customers.read', content: <UserClients user={id} /> },
  ]);
  return (
    <div className="page">
      <Group gap="sm" mb="md">
        {role && <Avatar size={44} radius="xl" color="accent" name={name} aria-hidden />}
        <div>
          <Title order={1}>{name}</Title>
          <Text size="sm" c="dimmed">
            {role ? `${role} · ${text}` : text}
          </Text>
        </div>
      </Group>
      <RecordTabs tabs={tabs} open={tab} />
    </div>
  );
}
