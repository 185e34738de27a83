// SPDX-License-Identifier: Apache-2.0
// Who works here: invite, change role and rights, disable.
import type { User } from '@interlock/client';
import { useFormat, useLiveQuery } from '@interlock/react';
import { ActionIcon, Avatar, Badge, Button, Group, Menu, Paper, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../client';
import { ConfirmModal } from '../../components/confirm_button';
import { Icon } from '../../components/icon';
import { PageHead } from '../../components/page_head';
import { Row, Rows } from '../../components/rows';
import { ErrorState, LoadingLines, Message } from '../../components/states';
import { tellDone, tellError } from '../../lib/tell';
import { useMailIsSent } from '../../session/server_state';
import { useMay, useSession } from '../../session/session';
import { useT, useTexts } from '../../texts/context';
import { InvitationLink } from './invitation_link';
import { customerScope } from './scopes';
import { UserDialog } from './user_dialog';

const typingMs = 200;
const pageUsers = 100;
const statusColors = { active: 'teal', invited: 'accent', disabled: 'gray' } as const;

type Dialog = { readonly kind: 'invite' } | { readonly kind: 'edit' | 'disable' | 'link'; readonly user: User };

export function UsersPage() {
  const t = useT();
  const may = useMay();
  const [q, setQ] = useState('');
  const [typed] = useDebouncedValue(q.trim(), typingMs);
  const [dialog, setDialog] = useState<Dialog>();
  const live = useLiveQuery('users', { sort: 'name', limit: pageUsers, ...(typed && { q: typed }) });
  const close = () => setDialog(undefined);
  return (
    <div className="page">
      <PageHead title={t('users.title')} text={t('users.text')}>
        {may('users.write') && (
          <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setDialog({ kind: 'invite' })}>
            {t('users.invite')}
          </Button>
        )}
      </PageHead>
      <TextInput
        size="xs"
        maw={260}
        mb="sm"
        leftSection={<Icon name="search" size={15} />}
        placeholder={t('users.search')}
        aria-label={t('users.search')}
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
      />
      <Paper className="table-card">
        {live.status === 'loading' && <LoadingLines />}
        {live.status === 'failed' && <ErrorState error={live.error} onRetry={live.refresh} />}
        {live.items.length === 0 && (live.status === 'live' || live.status === 'reconnecting') && (
          <Message icon="search" title={t('users.none')} text={t('users.none_text')} />
        )}
        {live.items.length > 0 && <Users users={live.items} onDialog={setDialog} />}
        {live.hasMore && (
          <Button variant="subtle" fullWidth onClick={() => void live.fetchMore()}>
            {t('common.more')}
          </Button>
        )}
      </Paper>
      {dialog?.kind === 'invite' && <UserDialog onClose={close} onLink={(user) => setDialog({ kind: 'link', user })} />}
      {dialog?.kind === 'link' && <InvitationLink user={dialog.user} onClose={close} />}
      {dialog?.kind === 'edit' && <UserDialog user={dialog.user} onClose={close} />}
      {dialog?.kind === 'disable' && (
        <ConfirmModal
          opened
          onClose={close}
          question={t('users.disable_question', { name: dialog.user.name || dialog.user.email })}
          more={t('users.disable_text')}
          text={t('users.disable')}
          onConfirm={async () => {
            await client.operation('users/disable', { id: dialog.user.id });
            tellDone(t('users.disabled', { name: dialog.user.name || dialog.user.email }));
          }}
        />
      )}
    </div>
  );
}

interface UsersProps {
  readonly users: readonly User[];
  readonly onDialog: (dialog: Dialog) => void;
}

/** A table; where there is no room for one, lines. */
function Users(props: UsersProps) {
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  return narrow ? <UserRows {...props} /> : <UserTable {...props} />;
}

function UserRows({ users, onDialog }: UsersProps) {
  const t = useT();
  const me = useSession().user.id;
  return (
    <div className="list-card">
      <Rows label={t('users.title')}>
        {users.map((user) => (
          <Row
            key={user.id}
            title={user.id === me ? t('common.you', { name: user.name }) : user.name || user.email}
            to={`/users/${user.id}`}
            facts={[t(`role.${user.role}`), user.email]}
          >
            <Badge color={statusColors[user.status]}>{t(`user_status.${user.status}`)}</Badge>
            <UserMenu user={user} own={user.id === me} onDialog={onDialog} />
          </Row>
        ))}
      </Rows>
    </div>
  );
}

function UserTable({ users, onDialog }: UsersProps) {
  const t = useT();
  const format = useFormat();
  const me = useSession().user.id;
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('common.name')}</Table.Th>
            <Table.Th>{t('users.role')}</Table.Th>
            <Table.Th>{t('users.scope')}</Table.Th>
            <Table.Th>{t('common.status')}</Table.Th>
            <Table.Th>{t('users.joined')}</Table.Th>
            <Table.Th aria-label={t('common.actions')} w={48} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((user) => (
            <Table.Tr key={user.id}>
              <Table.Td>
                <Group gap="sm" wrap="nowrap">
                  <Avatar size={30} radius="xl" name={user.name || user.email} color="accent" aria-hidden />
                  <div>
                    <Text component={Link} to={`/users/${user.id}`} className="row-title">
                      {user.id === me ? t('common.you', { name: user.name }) : user.name || user.email}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {user.email}
                    </Text>
                  </div>
                </Group>
              </Table.Td>
              <Table.Td>{t(`role.${user.role}`)}</Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {t(`scope.${customerScope(user.scopes)}`)}
                </Text>
              </Table.Td>
              <Table.Td>
                <Badge color={statusColors[user.status]}>{t(`user_status.${user.status}`)}</Badge>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {user.joined_at ? format.date(user.joined_at) : '—'}
                </Text>
              </Table.Td>
              <Table.Td>
                <UserMenu user={user} own={user.id === me} onDialog={onDialog} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function UserMenu({ user, own, onDialog }: { user: User; own: boolean; onDialog: (dialog: Dialog) => void }) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const mail = useMailIsSent();
  const navigate = useNavigate();
  const name = user.name || user.email;
  // Nothing is assigned to guests.
  const hasCustomers = may('customers.read') && user.role !== 'guest';
  if (!hasCustomers && !may('users.write')) return null;
  const run = (work: Promise<unknown>, done: string) =>
    void work.then(
      () => tellDone(done),
      (error) => tellError(texts, error),
    );
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`${t('common.actions')}: ${name}`}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may('users.write') && (
          <>
            <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={() => onDialog({ kind: 'edit', user })}>
              {t('users.edit')}
            </Menu.Item>
            {user.status === 'invited' && mail === false && (
              <Menu.Item leftSection={<Icon name="copy" size={16} />} onClick={() => onDialog({ kind: 'link', user })}>
                {t('users.link')}
              </Menu.Item>
            )}
            {user.status === 'invited' && mail && (
              <Menu.Item
                leftSection={<Icon name="mail" size={16} />}
                onClick={() =>
                  run(client.operation('users/reinvite', { id: user.id }), t('users.invited', { email: user.email }))
                }
              >
                {t('users.reinvite')}
              </Menu.Item>
            )}
            {user.status === 'disabled' ? (
              <Menu.Item
                leftSection={<Icon name="check" size={16} />}
                onClick={() => run(client.operation('users/enable', { id: user.id }), t('users.enabled', { name }))}
              >
                {t('users.enable')}
              </Menu.Item>
            ) : (
              !own && (
                <Menu.Item
                  color="red"
                  leftSection={<Icon name="lock" size={16} />}
                  onClick={() => onDialog({ kind: 'disable', user })}
                >
                  {t('users.disable')}
                </Menu.Item>
              )
            )}
          </>
        )}
        {hasCustomers && (
          <Menu.Item
            leftSection={<Icon name="customers" size={16} />}
            onClick={() => void navigate({ to: '/customers', search: { assigned: user.id } })}
          >
            {t('users.customers_of')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
