// SPDX-License-Identifier: Apache-2.0
// In demo mode: one click and one is in, in whichever role.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ServerState } from '../../session/server_state';
import { useT } from '../../texts/context';
import { Texts } from '../../texts/texts';

interface Props {
  readonly demo: NonNullable<ServerState['demo']>;
  readonly busy: boolean;
  readonly onChoose: (who: { email: string; password: string }) => void;
}

export function DemoAccounts({ demo, busy, onChoose }: Props) {
  const t = useT();
  const tenants = [...new Set(demo.accounts.map(({ tenant }) => tenant))];
  const role = (name: string) => (Texts.has(`role.${name}`) ? t(`role.${name}` as 'role.owner') : name);
  return (
    <Paper p={{ base: 'lg', sm: 'xl' }} component="section" aria-label={t('log_in.demo')}>
      <Title order={2} fz="md">
        {t('log_in.demo')}
      </Title>
      <Text c="dimmed" size="sm" mb="md">
        {t('log_in.demo_text')}
      </Text>
      <Stack gap="md">
        {tenants.map((tenant) => (
          <div key={tenant}>
            <Text size="sm" fw={600} mb={6} tt="capitalize">
              {tenant}
            </Text>
            <Group gap={6}>
              {demo.accounts
                .filter((one) => one.tenant === tenant)
                .map(({ email, role: name }) => (
                  <Button
                    key={email}
                    size="compact-sm"
                    variant="default"
                    disabled={busy}
                    title={email}
                    onClick={() => onChoose({ email, password: demo.password })}
                  >
                    {role(name)}
                  </Button>
                ))}
            </Group>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
