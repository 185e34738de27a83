// SPDX-License-Identifier: Apache-2.0
// A new password by a one-time link.
import { Button, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client } from '../../client';
import { FormError } from '../../components/form_error';
import { useAction } from '../../lib/action';
import { useLinkToken } from '../../lib/link_token';
import { forgetEverything } from '../../session/session';
import { useT } from '../../texts/context';
import { Entrance } from './entrance';
import { LinkMissing } from './link_missing';
import { NewPassword, passwordsAgree } from './new_password';

export function ResetPage() {
  const t = useT();
  const token = useLinkToken();
  const [passwords, setPasswords] = useState({ password: '', again: '' });
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const set = useAction(async () => {
    const body = { token, password: passwords.password };
    await client.call({ method: 'POST', path: '/api/passwords/reset', body });
    setDone(true);
    await forgetEverything();
  });
  if (!token) return <LinkMissing />;
  if (done) {
    return (
      <Entrance title={t('log_in.reset_title')} text={t('password.done')}>
        <Button component={Link} to="/">
          {t('log_in.to_log_in')}
        </Button>
      </Entrance>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (passwordsAgree(passwords)) void set.run();
  };
  return (
    <Entrance title={t('log_in.reset_title')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <NewPassword value={passwords} onChange={setPasswords} error={set.fieldError('password')} tried={tried} />
          <FormError text={set.formError(['password'])} />
          <Button type="submit" loading={set.busy}>
            {t('password.set')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
