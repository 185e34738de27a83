// SPDX-License-Identifier: Apache-2.0
// Log-in at whatever address was asked for: afterwards that page is there.
import type { SessionTenant } from '@interlock/client';
import { Anchor, Button, PasswordInput, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client } from '../../client';
import { FormError } from '../../components/form_error';
import { Icon } from '../../components/icon';
import { useAction } from '../../lib/action';
import { askServer } from '../../session/server_state';
import { forgetEverything } from '../../session/session';
import { useT } from '../../texts/context';
import { DemoAccounts } from './demo_accounts';
import { Entrance } from './entrance';
import { ForgottenPassword } from './forgotten_password';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export function LogInPage({ wasEnded }: { wasEnded: boolean }) {
  const t = useT();
  const { data: server } = useQuery({ queryKey: ['server'], queryFn: askServer });
  const [credentials, setCredentials] = useState<Credentials>({ email: '', password: '' });
  const [tenants, setTenants] = useState<readonly SessionTenant[]>();
  const [forgotten, setForgotten] = useState(false);
  const logIn = useAction(async (who: Credentials & { tenant?: string }) => {
    // Somebody stands before the door: told at once, and tried again by them.
    const answer = await client.sessions.logIn(who, { retry: false });
    if ('tenants' in answer) return setTenants(answer.tenants);
    await forgetEverything();
  });

  if (forgotten) return <ForgottenPassword email={credentials.email} onBack={() => setForgotten(false)} />;
  if (tenants) {
    return (
      <Entrance title={t('log_in.tenants')}>
        <Stack gap="xs">
          {tenants.map((tenant) => (
            <UnstyledButton
              key={tenant.id}
              className="choice"
              disabled={logIn.busy}
              onClick={() => void logIn.run({ ...credentials, tenant: tenant.id })}
            >
              <Icon name="building" />
              <Text fw={500} flex={1}>
                {tenant.name}
              </Text>
              <Icon name="right" size={16} />
            </UnstyledButton>
          ))}
        </Stack>
        <FormError text={logIn.formError()} />
        <Button variant="subtle" color="gray" onClick={() => setTenants(undefined)}>
          {t('common.back')}
        </Button>
      </Entrance>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void logIn.run(credentials);
  };
  const onDemo = (who: Credentials) => {
    setCredentials(who);
    void logIn.run(who);
  };
  const demo = server?.demo && <DemoAccounts demo={server.demo} busy={logIn.busy} onChoose={onDemo} />;
  return (
    <Entrance title={t('log_in.title')} footer={demo}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('common.email')}
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={credentials.email}
            onChange={(event) => setCredentials({ ...credentials, email: event.currentTarget.value })}
          />
          <PasswordInput
            label={t('log_in.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={credentials.password}
            onChange={(event) => setCredentials({ ...credentials, password: event.currentTarget.value })}
          />
          <FormError text={logIn.formError() ?? (wasEnded ? t('log_in.ended') : undefined)} />
          <Button type="submit" loading={logIn.busy} fullWidth>
            {t('log_in.submit')}
          </Button>
          <Anchor component="button" type="button" size="sm" ta="center" onClick={() => setForgotten(true)}>
            {t('log_in.forgotten')}
          </Anchor>
        </Stack>
      </form>
    </Entrance>
  );
}
