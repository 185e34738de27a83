// SPDX-License-Identifier: Apache-2.0
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { client } from '../../client';
import { FormError } from '../../components/form_error';
import { useAction } from '../../lib/action';
import { useMailIsSent } from '../../session/server_state';
import { useT } from '../../texts/context';
import { Entrance } from './entrance';

/** Asks for a link; the answer is the same whether there is such an account or not. */
export function ForgottenPassword({ email: typed, onBack }: { email: string; onBack: () => void }) {
  const t = useT();
  const [email, setEmail] = useState(typed);
  const mail = useMailIsSent();
  const [sent, setSent] = useState(false);
  const send = useAction(async () => {
    await client.call({ method: 'POST', path: '/api/passwords/request-reset', body: { email } });
    setSent(true);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send.run();
  };
  const back = (
    <Button variant="subtle" color="gray" onClick={onBack}>
      {t('log_in.to_log_in')}
    </Button>
  );
  if (mail === false) {
    return (
      <Entrance title={t('log_in.reset_title')} text={t('log_in.reset_no_mail')}>
        {back}
      </Entrance>
    );
  }
  if (sent) {
    return (
      <Entrance title={t('log_in.reset_title')}>
        <Text role="status">{t('log_in.reset_sent')}</Text>
        {back}
      </Entrance>
    );
  }
  return (
    <Entrance title={t('log_in.reset_title')} text={t('log_in.reset_text')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('common.email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <FormError text={send.formError()} />
          <Button type="submit" loading={send.busy}>
            {t('log_in.reset_send')}
          </Button>
          {back}
        </Stack>
      </form>
    </Entrance>
  );
}
