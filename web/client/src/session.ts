// SPDX-License-Identifier: Apache-2.0
// Who is logged in. Browsers keep the session in a cookie that scripts cannot read; programs keep its token here.
import { isInterlockError } from './errors.js';
import type { Platform } from './platform.js';
import type { ActionStore } from './queue/store.js';
import { Bus } from './tabs/bus.js';
import type { CallOptions, Transport } from './transport.js';

/** The person of a session. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly role: string;
  readonly permissions: readonly string[];
}

/** The tenant of a session. */
export interface SessionTenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** Who is logged in, and where. */
export interface Session {
  readonly user: SessionUser;
  readonly tenant: SessionTenant;
  /** Every tenant of the account; told when the server is asked, not by a log-in. */
  readonly tenants?: readonly SessionTenant[];
  readonly expires_at?: string;
  /** How long the server keeps idempotency keys. */
  readonly keys_kept_seconds?: number;
  /** The longest file that can be uploaded. */
  readonly file_bytes_max?: number;
}

/** What a log-in answers: a session, or the tenants to choose from. */
export type LogIn = { readonly session: Session } | { readonly tenants: readonly SessionTenant[] };

/** A user's first click must not wait for a network that is not there. */
const knownMsMax = 3_000;

interface LogInAnswer extends Session {
  readonly token?: string;
}

/** Log-in, log-out and the session that there is. */
export class Sessions {
  readonly #listeners = new Set<() => void>();
  readonly #bus: Bus<{ kind: 'changed' }>;
  #token: string | undefined;
  /** What the server said last, as long as nobody has logged in or out since. */
  #last: Session | undefined;
  #changes = 0;

  constructor(
    readonly transport: () => Transport,
    readonly store: ActionStore,
    readonly platform: Platform,
    readonly options: { token?: string; keepToken: boolean; name: string },
  ) {
    this.#token = options.token;
    this.#bus = new Bus(platform, `interlock-session:${options.name}`);
    this.#bus.listen(() => {
      this.#forget();
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** The token that calls carry; browsers have none here. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Logs in. An account with several tenants is asked to choose: call again with `tenant`. */
  async logIn(who: { email: string; password: string; tenant?: string }, options?: CallOptions): Promise<LogIn> {
    const call = { method: 'POST', path: '/api/sessions', body: who } as const;
    const { body } = await this.transport().send<LogInAnswer>(call, options);
    if (body.tenants) return { tenants: body.tenants };
    return { session: await this.#begun(body) };
  }

  /** Goes on in another tenant of the same account; the session that there was ends. */
  async switchTenant(tenant: string, options?: CallOptions): Promise<Session> {
    const call = { method: 'POST', path: '/api/sessions/switch', body: { tenant } } as const;
    return this.#begun((await this.transport().send<LogInAnswer>(call, options)).body);
  }

  /** Ends this session. Actions that wait stay, for when the same user comes back. */
  async logOut(options?: CallOptions): Promise<void> {
    await this.transport().send({ method: 'DELETE', path: '/api/sessions/current' }, options);
    this.#token = undefined;
    this.#forget();
    await this.#remember(null);
    this.#bus.post({ kind: 'changed' });
  }

  /** Asks the server who is logged in. Refused as unauthenticated if nobody is. */
  async current(options?: CallOptions): Promise<Session> {
    this.#forget();
    const changes = this.#changes;
    const { body } = await this.transport().send<Session>({ method: 'GET', path: '/api/sessions/current' }, options);
    if (changes === this.#changes) this.#last = body;
    void this.#remember(body);
    return body;
  }

  /** Who is logged in; without an answer in good time whoever was logged in last in this browser. */
  async known(): Promise<Session> {
    try {
      return await this.current({ retry: false, timeoutMs: knownMsMax });
    } catch (error) {
      const noAnswer = isInterlockError(error) && (error.retryable || error.kind === 'unexpected_answer');
      if (!noAnswer) throw error;
      const last = (await this.store.recall(this.#name).catch(() => null)) as Session | null | undefined;
      return last ?? this.current();
    }
  }

  /** As known, without asking again if the server has just said who it is. */
  async answered(): Promise<Session> {
    return this.#last ?? this.known();
  }

  /** Calls the listener when somebody logs in or out, in whichever tab; the function it answers ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all listening. */
  close(): void {
    this.#bus.close();
    this.#listeners.clear();
  }

  async #begun({ token, tenants: _none, ...session }: LogInAnswer): Promise<Session> {
    if (this.options.keepToken) this.#token = token;
    await this.#remember(session);
    this.#bus.post({ kind: 'changed' });
    return session;
  }

  #forget(): void {
    this.#last = undefined;
    this.#changes += 1;
  }

  get #name(): string {
    return `session:${this.options.name}`;
  }

  /** Only for the start without a network: that it cannot be kept costs just this, and the queue tells of the storage. */
  async #remember(session: Session | null): Promise<void> {
    await this.store.remember(this.#name, session).catch(() => {});
  }
}
