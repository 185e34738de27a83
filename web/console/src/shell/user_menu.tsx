// SPDX-License-Identifier: Apache-2.0
// The user's own: account, language, appearance, log-out.
import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Icon } from '../components/icon';
import { initialsOf } from '../components/person';
import { tellError } from '../lib/tell';
import { logOut, useSession } from '../session/session';
import { useChooseLanguage, useT, useTexts } from '../texts/context';
import { languages } from '../texts/texts';

const schemes = [
  ['light', 'sun'],
  ['dark', 'moon'],
  ['auto', 'system'],
] as const;

export function UserMenu() {
  const t = useT();
  const texts = useTexts();
  const choose = useChooseLanguage();
  const { user } = useSession();
  const initials = initialsOf(user.name); // what is seen of a control is in its name, so that it can be spoken
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const mark = (on: boolean) => (on ? <Icon name="check" size={14} /> : null);
  return (
    <Menu width={230}>
      <Menu.Target>
        <UnstyledButton className="user-button" aria-label={t('menu.user', { name: user.name, initials })}>
          <Avatar size={30} radius="xl" color="accent">
            {initials}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="user-card">
          <Text size="sm" fw={600}>
            {user.name}
          </Text>
          <Text size="xs" c="dimmed">
            {user.email}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<Icon name="user" size={16} />}>
          {t('nav.account')}
        </Menu.Item>
        <Menu.Label>{t('menu.appearance')}</Menu.Label>
        {schemes.map(([scheme, icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon name={icon} size={16} />}
            rightSection={mark(colorScheme === scheme)}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`theme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('menu.language')}</Menu.Label>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={<Icon name="language" size={16} />}
            rightSection={mark(texts.language === language)}
            onClick={() => choose(language)}
          >
            {t(`language.${language}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="log_out" size={16} />}
          onClick={() => void logOut().catch((error) => tellError(texts, error))}
        >
          {t('menu.log_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
