// SPDX-License-Identifier: Apache-2.0
// Whoever was invited comes in: with a new account, or with the one that they have.
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client } from '../../client';
import { FormError } from '../../components/form_error';
import { useAction } from '../../lib/action';
import { useLinkToken } from '../../lib/link_token';
import { forgetEverything } from '../../session/session';
import { useT } from '../../texts/context';
import { Entrance } from './entrance';
import { LinkMissing } from './link_missing';
import { passwordCharactersMin } from './new_password';

export function InvitationPage() {
  const t = useT();
  const token = useLinkToken();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useAction(async () => {
    const body = { token, password, ...(name.trim() && { name: name.trim() }) };
    await client.call({ method: 'POST', path: '/api/invitations/accept', body });
    await forgetEverything();
    await navigate({ to: '/' });
  });
  if (!token) return <LinkMissing />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void accept.run();
  };
  return (
    <Entrance title={t('invitation.title')} text={t('invitation.text')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('invitation.name')}
            autoComplete="name"
            value={name}
            error={accept.fieldError('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('log_in.password')}
            description={t('password.rules', { n: passwordCharactersMin })}
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={password}
            error={accept.fieldError('password')}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <FormError text={accept.formError(['name', 'password'])} />
          <Button type="submit" loading={accept.busy}>
            {t('invitation.accept')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
