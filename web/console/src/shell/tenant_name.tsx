// SPDX-License-Identifier: Apache-2.0
import { Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { client } from '../client';
import { Icon } from '../components/icon';
import { useAction } from '../lib/action';
import { tellDone, tellError } from '../lib/tell';
import { forgetEverything, useSession } from '../session/session';
import { useT, useTexts } from '../texts/context';
import { Brand } from './brand';

/** Where one is; with several tenants, the way to another one. */
export function TenantName() {
  const t = useT();
  const texts = useTexts();
  const navigate = useNavigate();
  const { tenant, tenants = [] } = useSession();
  const change = useAction(async (id: string) => {
    try {
      const { tenant: next } = await client.sessions.switchTenant(id);
      await forgetEverything();
      // A record of the one tenant is nothing in the other.
      await navigate({ to: '/' });
      tellDone(t('tenant.switched', { name: next.name }));
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  const here = (
    <Group gap={10} wrap="nowrap">
      <Brand size={26} />
      <Text
        fw={600}
        fz={{ base: 'xs', sm: 'sm' }}
        lh={1.25}
        lineClamp={2}
        ta="left"
        className="tenant-name"
        title={tenant.name}
      >
        {tenant.name}
      </Text>
      {tenants.length > 1 && <Icon name="down" size={14} />}
    </Group>
  );
  if (tenants.length < 2) return here;
  return (
    <Menu position="bottom-start" width={230}>
      <Menu.Target>
        <UnstyledButton
          className="tenant-button"
          aria-label={`${t('tenant.current', { name: tenant.name })}. ${t('tenant.switch')}`}
        >
          {here}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('tenant.switch')}</Menu.Label>
        {tenants.map(({ id, name }) => (
          <Menu.Item
            key={id}
            disabled={change.busy}
            rightSection={id === tenant.id ? <Icon name="check" size={14} /> : null}
            onClick={() => id !== tenant.id && void change.run(id)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
