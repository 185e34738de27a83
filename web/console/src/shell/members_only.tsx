// SPDX-License-Identifier: Apache-2.0
// The shell for who is logged in; the log-in, at the same address, for everybody else.
import type { Session, Settings } from '@interlock/client';
import { InterlockProvider } from '@interlock/react';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { client } from '../client';
import { ErrorState, LoadingPage } from '../components/states';
import { LogInPage } from '../pages/log_in/log_in_page';
import { askServer } from '../session/server_state';
import {
  forgetEverything,
  SessionProvider,
  useFreshRights,
  useSessionQuery,
  useSettings,
  useSettingsLoading,
  useWasEnded,
} from '../session/session';
import { TextsProvider, useT, useTexts } from '../texts/context';
import { libraryTextsOf } from '../texts/library';
import { Shell } from './shell';

export function MembersOnly() {
  const t = useT();
  const { data: session, error, isPending, refetch } = useSessionQuery();
  const wasEnded = useWasEnded(session);
  if (isPending) return <LoadingPage />;
  if (error) return <ErrorState error={error} title={t('shell.no_start')} onRetry={() => void refetch()} />;
  return session ? (
    <Member key={`${session.tenant.id}${session.user.id}`} session={session} />
  ) : (
    <Stranger wasEnded={wasEnded} />
  );
}

function Member({ session }: { session: Session }) {
  const settings = useSettings();
  const loading = useSettingsLoading();
  const patient = usePatience();
  useFreshRights(session);
  // Drawn once, in the tenant's language; a server that does not answer keeps nobody from the shell.
  if (loading && patient) return <LoadingPage />;
  return (
    <SessionProvider session={session}>
      <TextsProvider tenantLanguage={settings?.language} labels={settings?.labels}>
        <Shared settings={settings}>
          <Shell />
        </Shared>
      </TextsProvider>
    </SessionProvider>
  );
}

const patienceMs = 1_000;

/** True for a second. */
function usePatience(): boolean {
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return patient;
}

/** What the components of the library need. */
function Shared({ settings, children }: { settings: Settings | undefined; children: ReactNode }) {
  const texts = useTexts();
  const own = useMemo(() => libraryTextsOf(texts), [texts]);
  return (
    <InterlockProvider
      client={client}
      texts={own}
      locale={localeOf(texts.language, settings?.language)}
      timeZone={settings?.time_zone}
      currency={settings?.currency}
      onLogIn={() => void forgetEverything()}
    >
      {children}
    </InterlockProvider>
  );
}

/** With `es` on screen and `es-MX` in the settings, the settings know more. */
function localeOf(language: string, tenant: string | undefined): string {
  return tenant?.split('-')[0] === language ? tenant : language;
}

function Stranger({ wasEnded }: { wasEnded: boolean }) {
  const { data } = useQuery({ queryKey: ['server'], queryFn: askServer });
  // With the first start's link it is the set-up page's turn; without it, that page says where the link is.
  return data?.needs_set_up ? <Navigate to="/set-up" /> : <LogInPage wasEnded={wasEnded} />;
}
