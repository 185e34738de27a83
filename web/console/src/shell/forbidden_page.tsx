// SPDX-License-Identifier: Apache-2.0
// In place of a page that its user may not see: why, and who can help.
import type { User } from '@interlock/client';
import { useFormat } from '@interlock/react';
import { Button, Paper } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PageHead } from '../components/page_head';
import { Message } from '../components/states';
import { usePeople } from '../lib/people';
import { useMay, useSession, useSettings } from '../session/session';
import { useT } from '../texts/context';
import { type NavigationItem, navigationFor } from './navigation';

const helpersNamed = 3;

/** Who can give rights, as far as one may know: administrators first, since they are asked more often than owners. */
function useHelpers(): string {
  const t = useT();
  const { locale } = useFormat().settings;
  const people = usePeople();
  const names = (['admin', 'owner'] as const)
    .flatMap((role) => people.active.filter((one) => one.role === role))
    .slice(0, helpersNamed)
    .map(({ name, email }) => name || email);
  if (names.length === 0) return t('forbidden.helper');
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(names);
}

export function ForbiddenPage({ page }: { page: NavigationItem }) {
  const t = useT();
  const may = useMay();
  const { user } = useSession();
  const modules = useSettings()?.modules;
  const names = useHelpers();
  const start = navigationFor(may, modules)[0]?.items[0];
  return (
    <div className="page">
      <PageHead title={t(page.text)} />
      <Paper>
        <Message
          icon="lock"
          title={t('forbidden.title')}
          text={t('forbidden.text', { role: t(`role.${user.role as User['role']}`), names })}
        >
          <Button component={Link} to={start?.to ?? '/account'} variant="default">
            {t(start?.text ?? 'nav.account')}
          </Button>
        </Message>
      </Paper>
    </div>
  );
}
