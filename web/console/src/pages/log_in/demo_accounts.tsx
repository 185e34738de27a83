// SPDX-License-Identifier: Apache-2.0
// In demo mode: one click and one is in, in whichever role.
import { Box, Paper, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { Icon } from '../../components/icon';
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
  // Whatever the server offers, also what this page has no words for.
  const words = (...keys: string[]) => {
    const key = keys.find(Texts.has);
    return key && t(key);
  };
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
            <Text size="sm" fw={600} tt="capitalize">
              {tenant}
            </Text>
            <Text size="xs" c="dimmed" mb={8}>
              {words(`demo.tenant.${tenant}`)}
            </Text>
            <Stack gap={6}>
              {demo.accounts
                .filter((one) => one.tenant === tenant)
                .map(({ email, role }) => (
                  <UnstyledButton
                    key={email}
                    className="choice"
                    disabled={busy}
                    title={email}
                    onClick={() => onChoose({ email, password: demo.password })}
                  >
                    <Box component="span" flex={1}>
                      <Text component="span" display="block" size="sm" fw={500}>
                        {words(`role.${role}`) ?? role}
                      </Text>
                      <Text component="span" display="block" size="xs" c="dimmed">
                        {words(`demo.${role}.${tenant}`, `role.${role}.text`)}
                      </Text>
                    </Box>
                    <Icon name="right" size={16} />
                  </UnstyledButton>
                ))}
            </Stack>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
