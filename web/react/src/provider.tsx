// SPDX-License-Identifier: Apache-2.0
// What every hook and component needs: the client, the texts, how times and numbers are written.
import type { InterlockClient, QueuedAction, Session } from '@interlock/client';
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { type Format, makeFormat } from './format.js';
import { type SessionState, sessionStoreOf } from './stores/session_store.js';
import { english, type Texts } from './texts/english.js';

/** What a program gives once, around everything. */
export interface InterlockProviderProps {
  readonly client: InterlockClient;
  /** English unless given. */
  readonly texts?: Texts;
  /** As the tenant's settings say: `es-ES`. The browser's own language unless given. */
  readonly locale?: string | undefined;
  /** As the tenant's settings say: `Europe/Madrid`. The browser's own unless given. */
  readonly timeZone?: string | undefined;
  readonly currency?: string | undefined;
  /** The way on where a session has ended; without it none is offered. */
  readonly onLogIn?: (() => void) | undefined;
  /** The name of a user; otherwise they come from the list of users. */
  readonly nameOf?: ((user: string) => string | undefined) | undefined;
  /** What an action that waits is called; the catalogue's verbs and collections unless given. */
  readonly describeAction?: ((action: QueuedAction) => string | undefined) | undefined;
  readonly children: ReactNode;
}

interface Surroundings extends Pick<InterlockProviderProps, 'client' | 'onLogIn' | 'nameOf' | 'describeAction'> {
  readonly texts: Texts;
  readonly format: Format;
}

const Context = createContext<Surroundings | undefined>(undefined);

/** Gives everything below it a client, texts and formats. The caller makes the client, and closes it. */
export function InterlockProvider(props: InterlockProviderProps): ReactNode {
  const { client, texts = english, locale, timeZone, currency, onLogIn, nameOf, describeAction, children } = props;
  const format = useMemo(
    () => makeFormat({ locale: locale ?? ownLocale(texts.language), timeZone, currency }, texts),
    [locale, timeZone, currency, texts],
  );
  const value = useMemo(
    () => ({ client, texts, format, onLogIn, nameOf, describeAction }),
    [client, texts, format, onLogIn, nameOf, describeAction],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** The browser's locale if it is of the catalogue's language, so that a date does not speak another one. */
function ownLocale(language: string): string {
  const own = globalThis.navigator?.languages?.find((one) => one === language || one.startsWith(`${language}-`));
  return own ?? language;
}

/** Everything the provider was given. */
export function useSurroundings(): Surroundings {
  const found = useContext(Context);
  if (!found) throw new Error('Hooks and components of @interlock/react need an <InterlockProvider> around them');
  return found;
}

/** The client. */
export function useInterlock(): InterlockClient {
  return useSurroundings().client;
}

/** The texts in the language that was chosen. */
export function useTexts(): Texts {
  return useSurroundings().texts;
}

/** How times, numbers and values are written. */
export function useFormat(): Format {
  return useSurroundings().format;
}

/** Who is logged in; follows log-in and log-out in every tab. */
export function useSession(): SessionState {
  const store = sessionStoreOf(useInterlock());
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/** The session, where somebody is known to be logged in. */
export function useKnownSession(): Session | undefined {
  const state = useSession();
  return state.status === 'known' ? state.session : undefined;
}
