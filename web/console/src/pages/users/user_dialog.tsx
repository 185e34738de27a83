// SPDX-License-Identifier: Apache-2.0
// Invites somebody, or changes what a member may do: on the version that was seen.
import type { User } from '@interlock/client';
import { useSyncMutation } from '@interlock/react';
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FormError } from '../../components/form_error';
import { answerOf, useAction } from '../../lib/action';
import { tellDone } from '../../lib/tell';
import { useMailIsSent } from '../../session/server_state';
import { useSession } from '../../session/session';
import { useT } from '../../texts/context';
import { customerScope, type Reach, reaches, withCustomerScope } from './scopes';

const roles = ['owner', 'admin', 'staff', 'viewer', 'guest'] as const;

interface Props {
  readonly user?: User;
  readonly onClose: () => void;
  /** Somebody was invited whom no mail reaches. */
  readonly onLink?: (invited: User) => void;
}

export function UserDialog({ user, onClose, onLink }: Props) {
  const t = useT();
  const me = useSession().user;
  const mail = useMailIsSent();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<User['role']>(user?.role ?? 'staff');
  const [reach, setReach] = useState<Reach>(customerScope(user?.scopes ?? []));
  const update = useSyncMutation('users/update', { via: 'direct' });
  const invite = useSyncMutation('users/invite', { via: 'direct' });
  const save = useAction(async () => {
    const scopes = withCustomerScope(user?.scopes ?? [], reach);
    if (user) {
      answerOf(await update.run({ id: user.id, version: user.version, role, scopes }));
      tellDone(t('common.saved'));
    } else {
      const request = { email: email.trim(), role, scopes, ...(name.trim() && { name: name.trim() }) };
      const invited = answerOf(await invite.run(request));
      if (mail === false) return onLink?.(invited);
      tellDone(t('users.invited', { email: email.trim() }));
    }
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run();
  };
  // Only owners make owners.
  const offered = roles.filter((one) => one !== 'owner' || me.role === 'owner' || user?.role === 'owner');
  return (
    <Modal
      opened
      onClose={onClose}
      title={user ? t('users.edit_title', { name: user.name || user.email }) : t('users.invite_title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {!user && (
            <>
              {mail !== undefined && (
                <Text size="sm" c="dimmed">
                  {t(mail ? 'users.invite_text' : 'users.invite_link_text')}
                </Text>
              )}
              <TextInput
                data-autofocus
                type="email"
                label={t('common.email')}
                required
                withAsterisk={false}
                value={email}
                error={save.fieldError('email')}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
              <TextInput
                label={`${t('common.name')} (${t('common.optional')})`}
                value={name}
                error={save.fieldError('name')}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            </>
          )}
          <Select
            label={t('users.role')}
            description={t(`role.${role}.text`)}
            allowDeselect={false}
            data={offered.map((one) => ({ value: one, label: t(`role.${one}`) }))}
            value={role}
            error={save.fieldError('role')}
            onChange={(next) => next && setRole(next as User['role'])}
          />
          <Select
            label={t('users.scope_label')}
            allowDeselect={false}
            data={reaches.map((one) => ({ value: one, label: t(`scope.${one}`) }))}
            value={reach}
            error={save.fieldError('scopes')}
            onChange={(next) => next && setReach(next as Reach)}
          />
          <FormError text={save.formError(['email', 'name', 'role', 'scopes'])} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.busy}>
              {t(user ? 'common.save' : 'users.invite')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
