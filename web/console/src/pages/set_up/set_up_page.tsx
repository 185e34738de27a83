// SPDX-License-Identifier: Apache-2.0
// First start: the first company and its owner, by the link that the server printed.
import { Button, Divider, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client, queries } from '../../client';
import { FormError } from '../../components/form_error';
import { ErrorState, LoadingPage } from '../../components/states';
import { useAction } from '../../lib/action';
import { useLinkToken } from '../../lib/link_token';
import { askServer } from '../../session/server_state';
import { forgetEverything } from '../../session/session';
import { useT, useTexts } from '../../texts/context';
import { Entrance } from '../log_in/entrance';
import { NewPassword, passwordsAgree } from '../log_in/new_password';

/** A short name from a company's name: `Café Zürich` is `cafe-zurich`. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

export function SetUpPage() {
  const t = useT();
  const token = useLinkToken();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['server'], queryFn: askServer });
  if (isPending) return <LoadingPage />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data.needs_set_up) {
    return (
      <Entrance title={t('set_up.done')} text={t('set_up.done_text')}>
        <Button component={Link} to="/">
          {t('log_in.to_log_in')}
        </Button>
      </Entrance>
    );
  }
  if (!token) return <Entrance title={t('set_up.title')} text={t('set_up.link_text')} />;
  return <SetUpForm token={token} />;
}

const shownFields = ['tenant_name', 'slug', 'name', 'email', 'password'];

function SetUpForm({ token }: { token: string }) {
  const t = useT();
  const { language } = useTexts();
  const navigate = useNavigate();
  const [form, setForm] = useState({ tenant_name: '', slug: '', name: '', email: '' });
  const [passwords, setPasswords] = useState({ password: '', again: '' });
  const slug = form.slug || slugOf(form.tenant_name);
  const setUp = useAction(async () => {
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const body = { ...form, slug, token, password: passwords.password, language, time_zone };
    await client.call({ method: 'POST', path: '/api/set-up', body });
    await client.sessions.logIn({ email: form.email, password: passwords.password });
    await queries.invalidateQueries({ queryKey: ['server'] });
    await forgetEverything();
    await navigate({ to: '/' });
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (passwordsAgree(passwords)) void setUp.run();
  };
  const input = (name: keyof typeof form) => ({
    name,
    value: form[name],
    error: setUp.fieldError(name),
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <Entrance title={t('set_up.title')} text={t('set_up.text')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('set_up.company')}
            autoComplete="organization"
            required
            withAsterisk={false}
            {...input('tenant_name')}
          />
          <TextInput
            label={t('set_up.slug')}
            description={t('set_up.slug_text')}
            placeholder={slug}
            pattern="[a-z0-9\-]*"
            {...input('slug')}
          />
          <Divider label={t('set_up.owner')} labelPosition="left" />
          <TextInput
            label={t('invitation.name')}
            autoComplete="name"
            required
            withAsterisk={false}
            {...input('name')}
          />
          <TextInput
            label={t('common.email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...input('email')}
          />
          <NewPassword value={passwords} onChange={setPasswords} error={setUp.fieldError('password')} />
          <FormError text={setUp.formError(shownFields)} />
          <Button type="submit" loading={setUp.busy}>
            {t('set_up.submit')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
