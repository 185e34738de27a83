// SPDX-License-Identifier: Apache-2.0
// The user's own things: name, password, sessions.
import { Button, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { client, queries } from '../../client';
import { ConfirmButton } from '../../components/confirm_button';
import { FormError } from '../../components/form_error';
import { PageHead } from '../../components/page_head';
import { useAction } from '../../lib/action';
import { tellDone } from '../../lib/tell';
import { forgetEverything, useSession } from '../../session/session';
import { useT } from '../../texts/context';
import { NewPassword, passwordsAgree } from '../log_in/new_password';

export function AccountPage() {
  const t = useT();
  return (
    <div className="page">
      <PageHead title={t('account.title')} />
      <Stack gap="md" maw={620}>
        <Profile />
        <Password />
        <Sessions />
      </Stack>
    </div>
  );
}

function Card({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <Paper p="lg" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      {text && (
        <Text c="dimmed" size="sm" mt={2}>
          {text}
        </Text>
      )}
      <Stack gap="md" mt="md">
        {children}
      </Stack>
    </Paper>
  );
}

function Profile() {
  const t = useT();
  const { user } = useSession();
  const [name, setName] = useState(user.name);
  const save = useAction(async () => {
    await client.operation('users/update-profile', { name: name.trim() });
    await queries.invalidateQueries({ queryKey: ['session'] });
    tellDone(t('common.saved'));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run();
  };
  return (
    <Card title={t('account.profile')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('common.name')}
            autoComplete="name"
            required
            withAsterisk={false}
            value={name}
            error={save.fieldError('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput label={t('common.email')} value={user.email ?? ''} readOnly variant="filled" />
          <FormError text={save.formError(['name'])} />
          <Group>
            <Button type="submit" loading={save.busy} disabled={!name.trim() || name.trim() === user.name}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

const noPasswords = { password: '', again: '' };

function Password() {
  const t = useT();
  const [current, setCurrent] = useState('');
  const [passwords, setPasswords] = useState(noPasswords);
  const [tried, setTried] = useState(false);
  const change = useAction(async () => {
    const body = { password: current, new_password: passwords.password };
    await client.call({ method: 'POST', path: '/api/passwords/change', body });
    setCurrent('');
    setPasswords(noPasswords);
    setTried(false);
    tellDone(t('account.changed'));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (current && passwordsAgree(passwords)) void change.run();
  };
  return (
    <Card title={t('account.password')} text={t('account.password_text')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <PasswordInput
            label={t('password.current')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            error={tried && !current && t('field.missing')}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <NewPassword
            value={passwords}
            onChange={setPasswords}
            error={change.fieldError('new_password')}
            tried={tried}
          />
          <FormError text={change.formError(['new_password'])} />
          <Group>
            <Button type="submit" loading={change.busy}>
              {t('account.change')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function Sessions() {
  const t = useT();
  const end = async () => {
    await client.call({ method: 'DELETE', path: '/api/sessions' });
    await client.sessions.current().catch(() => {}); // 401, as wanted
    await forgetEverything();
  };
  return (
    <Card title={t('account.sessions')} text={t('account.sessions_text')}>
      <Group>
        <ConfirmButton
          text={t('account.log_out_everywhere')}
          question={t('account.confirm_everywhere')}
          onConfirm={end}
          variant="default"
        />
      </Group>
    </Card>
  );
}
