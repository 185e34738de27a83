// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { client } from '../client';

/** What the server tells to everybody. */
export interface ServerState {
  readonly needs_set_up: boolean;
  /** Whether mails reach people; without, whoever invites hands the link over. */
  readonly mail: boolean;
  /** Set where the server runs on demo data: log-ins that everybody may use. */
  readonly demo?: {
    readonly password: string;
    readonly accounts: readonly { readonly email: string; readonly role: string; readonly tenant: string }[];
  };
}

export function askServer(): Promise<ServerState> {
  return client.call<ServerState>({ method: 'GET', path: '/api/set-up' }, { retry: false });
}

/** Undefined until it is known: then nothing is promised, nor denied. */
export function useMailIsSent(): boolean | undefined {
  return useQuery({ queryKey: ['server'], queryFn: askServer }).data?.mail;
}
