// SPDX-License-Identifier: Apache-2.0
// The shell for who is logged in; the log-in, at the same address, for everybody else.
import type { Session } from '@interlock/client';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { ErrorState, LoadingPage } from '../components/states';
import { LogInPage } from '../pages/log_in/log_in_page';
import { askServer } from '../session/server_state';
import { SessionProvider, useSessionQuery, useSettings } from '../session/session';
import { TextsProvider, useT } from '../texts/context';
import { Shell } from './shell';

export function MembersOnly() {
  const t = useT();
  const { data: session, error, isPending, refetch } = useSessionQuery();
  if (isPending) return <LoadingPage />;
  if (error) return <ErrorState error={error} title={t('shell.no_start')} onRetry={() => void refetch()} />;
  return session ? <Member key={`${session.tenant.id}${session.user.id}`} session={session} /> : <Stranger />;
}

function Member({ session }: { session: Session }) {
  const settings = useSettings();
  return (
    <SessionProvider session={session}>
      <TextsProvider tenantLanguage={settings?.language} labels={settings?.labels}>
        <Shell />
      </TextsProvider>
    </SessionProvider>
  );
}

function Stranger() {
  const { data } = useQuery({ queryKey: ['server'], queryFn: askServer });
  // With the first start's link it is the set-up page's turn; without it, that page says where the link is.
  return data?.needs_set_up ? <Navigate to="/set-up" /> : <LogInPage />;
}
