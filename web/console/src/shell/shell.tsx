// SPDX-License-Identifier: Apache-2.0
// Around every page: navigation, search, connection, user.
import { OfflineIndicator } from '@interlock/react';
import { AppShell, Burger, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ErrorBoundary } from '../components/error_boundary';
import { Icon } from '../components/icon';
import { useMay, useSettings } from '../session/session';
import { useT } from '../texts/context';
import { ForbiddenPage } from './forbidden_page';
import { ModuleGate } from './module_gate';
import { itemAt, navigationFor } from './navigation';
import { pageOf } from './page_of';
import { SearchBox } from './search_box';
import { SearchButton } from './search_button';
import { TenantName } from './tenant_name';
import { UnsavedGuard } from './unsaved_guard';
import { UserMenu } from './user_menu';

export function Shell() {
  const t = useT();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const openRecord = (id: string) => void navigate({ to: pageOf(id) });
  const [menu, { toggle, close }] = useDisclosure(false);
  const [search, { open: openSearch, close: closeSearch }] = useDisclosure(false);
  useHotkeys([['mod+K', openSearch]], []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the navigation of a phone
  useEffect(close, [path]);
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !menu } }}>
      <a className="skip" href="#content">
        {t('shell.skip')}
      </a>
      <AppShell.Header className="shell-header">
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="xs" wrap="nowrap" className="shell-brand">
            <Burger opened={menu} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('shell.open_navigation')} />
            <TenantName />
          </Group>
          <SearchButton onOpen={openSearch} />
          <Group gap={4} wrap="nowrap">
            <OfflineIndicator onOpenRecord={openRecord} />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="shell-navbar" p="sm" aria-label={t('shell.navigation')}>
        <Navigation path={path} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <ErrorBoundary resetKey={path}>
          <ModuleGate path={path}>
            <Page path={path} />
          </ModuleGate>
        </ErrorBoundary>
      </AppShell.Main>
      <UnsavedGuard path={path} />
      <SearchBox opened={search} onClose={closeSearch} />
    </AppShell>
  );
}

/** The page of the address, for those who may see it: whoever may not asks the server for nothing. */
function Page({ path }: { path: string }) {
  const may = useMay();
  const item = itemAt(path);
  return item?.needs && !may(item.needs) ? <ForbiddenPage page={item} /> : <Outlet />;
}

function Navigation({ path }: { path: string }) {
  const t = useT();
  const may = useMay();
  const sections = navigationFor(may, useSettings()?.modules);
  return (
    <ScrollArea>
      <Stack gap="lg">
        {sections.map((section) => (
          <div key={section.text}>
            <Text size="xs" c="dimmed" fw={600} px={10} pb={6}>
              {t(section.text)}
            </Text>
            <Stack gap={2}>
              {section.items.map(({ to, text, icon }) => {
                const active = to === '/' ? path === '/' : path.startsWith(to);
                return (
                  <NavLink
                    key={to}
                    className="nav-link"
                    component={Link}
                    to={to}
                    label={t(text)}
                    leftSection={<Icon name={icon} />}
                    active={active}
                    {...(active && { 'aria-current': 'page' as const })}
                  />
                );
              })}
            </Stack>
          </div>
        ))}
      </Stack>
    </ScrollArea>
  );
}
