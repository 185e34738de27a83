// SPDX-License-Identifier: Apache-2.0
// One action that a component can start: at most one at a time, each with a key of its own, its way shown from the first
// click to the answer and to the page that shows it. A store without React, so that it outlives what draws it.
import {
  type ActionQueue,
  type InterlockClient,
  isInterlockError,
  operationParts,
  type PlainCall,
  type QueuedAction,
  sameJson,
} from '@interlock/client';

/** Where an action is on its way. */
export type MutationState =
  | 'idle'
  | 'pending'
  /** Kept in this browser until the network is back. */
  | 'queued'
  /** Done; the page is being brought up to date. */
  | 'refreshing'
  | 'done'
  /** Done; only the page could not be brought up to date: nothing is to be done again. */
  | 'done_not_refreshed'
  | 'failed';

/** How an action ended. */
export type Result<A> =
  | {
      readonly ok: true;
      readonly answer: A;
      /** Set where it waits in the queue now: the answer is what is expected, this is the one that comes. */
      readonly later?: Promise<A>;
    }
  | { readonly ok: false; readonly error: unknown };

/** queue: kept until it is done, with or without a network. direct: at once or not at all, for forms that wait.
 * direct_else_queue: at once where the server answers, so that its form hears a conflict; kept where it does not. */
export type Via = 'queue' | 'direct' | 'direct_else_queue';

/** What is fixed when a component is written. */
export interface MutationOptions<R, A> {
  readonly via?: Via;
  /** How named operations look until they are answered; create, update and delete know by themselves. False: not at all. */
  readonly optimistic?: ((request: R) => Readonly<Record<string, unknown>>) | false;
  /** Called once it is done, before `refresh`; even if the component is gone. */
  readonly onDone?: (answer: A, request: R) => void;
  readonly onFailed?: (error: unknown, request: R) => void;
  /** Brings up to date what does not do so by itself. That it fails never looks as if the action had failed. */
  readonly refresh?: (answer: A) => Promise<unknown>;
}

/** What is known for one action only. */
export interface RunOptions {
  /** The record as its user saw it; own earlier changes of it then cause no conflict. */
  readonly base?: { readonly id: string; readonly version: number };
}

/** An action as a component shows it. */
export interface MutationSnapshot<A> {
  readonly state: Exclude<MutationState, 'queued'>;
  readonly answer?: A;
  readonly error?: unknown;
  /** Its key while the queue has it. */
  readonly key?: string;
}

/** A named operation, or a call of a server that knows keys and nothing else of ours. */
export type Target<R> = string | ((request: R) => PlainCall);

interface Prepared {
  readonly operation: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly call?: PlainCall;
}

const idle = { state: 'idle' } as const;

/** One action of one component. */
export class MutationStore<R, A> {
  readonly #listeners = new Set<() => void>();
  #snapshot: MutationSnapshot<A> = idle;
  #running: Promise<Result<A>> | undefined;
  #last: { readonly request: R; readonly options: RunOptions } | undefined;
  /** Of an action without a final answer: the same request goes out under it again. */
  #openKey: { readonly key: string; readonly prepared: Prepared } | undefined;
  /** Of an action that was set aside in the queue: it is mended, not doubled. */
  #asideKey: string | undefined;
  options: MutationOptions<R, A> = {};

  constructor(
    readonly client: InterlockClient,
    public target: Target<R>,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): MutationSnapshot<A> => this.#snapshot;

  /** Starts it; while one is on its way, that one is answered instead. Never rejects. */
  readonly run = (request: R, options: RunOptions = {}): Promise<Result<A>> => {
    this.#running ??= this.#run(request, options).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  };

  /** The same once more: after a lost connection under the same key, so that nothing happens twice. */
  readonly retry = async (): Promise<Result<A> | undefined> =>
    this.#last && this.run(this.#last.request, this.#last.options);

  /** Brings the page up to date where that failed. */
  readonly refreshAgain = async (): Promise<void> => {
    const { state, answer } = this.#snapshot;
    if (state === 'done_not_refreshed') await this.#refresh(answer as A);
  };

  /** Forgets how it ended. What was set aside stays in the queue. */
  readonly reset = (): void => {
    if (!this.#running) this.#show(idle);
  };

  /** Forgets how it ended, and drops what was set aside in the queue. */
  readonly discard = async (): Promise<void> => {
    const key = this.#asideKey;
    this.#asideKey = undefined;
    this.reset();
    if (key === undefined) return;
    const queue = await this.client.queue();
    if (queue.known.some((item) => item.key === key)) await queue.discard(key);
  };

  async #run(request: R, options: RunOptions): Promise<Result<A>> {
    this.#last = { request, options };
    this.#show({ state: 'pending' });
    let answer: A;
    try {
      const prepared = this.#prepare(request, options);
      if (this.options.via === 'direct_else_queue') {
        const kept = await this.#directElseQueued(prepared, request, options);
        if (kept.later) {
          this.#openKey = undefined;
          this.#show(idle);
          return kept;
        }
        answer = kept.answer;
      } else {
        answer = await (this.options.via === 'direct'
          ? this.#direct(prepared)
          : this.#queued(prepared, request, options));
      }
    } catch (error) {
      this.#show({ state: 'failed', error });
      safely(() => this.options.onFailed?.(error, request));
      return { ok: false, error };
    }
    this.#openKey = undefined;
    this.#asideKey = undefined;
    safely(() => this.options.onDone?.(answer, request));
    await this.#refresh(answer);
    return { ok: true, answer };
  }

  async #refresh(answer: A): Promise<void> {
    const { refresh } = this.options;
    if (!refresh) return this.#show({ state: 'done', answer });
    this.#show({ state: 'refreshing', answer });
    try {
      await refresh(answer);
      this.#show({ state: 'done', answer });
    } catch (error) {
      this.#show({ state: 'done_not_refreshed', answer, error });
    }
  }

  /** At once; where no answer comes, or earlier actions wait, in the queue under the same key: done once all the same. */
  async #directElseQueued(
    prepared: Prepared,
    request: R,
    options: RunOptions,
  ): Promise<Result<A> & { readonly ok: true }> {
    const queue = await this.client.queue().catch(() => undefined); // nobody is logged in: the server says so
    try {
      if (!queue || !mustWait(queue, prepared)) return { ok: true, answer: await this.#direct(prepared, false) };
    } catch (error) {
      if (!queue || !isInterlockError(error) || !error.retryable) throw error;
    }
    const open = this.#openKey;
    const key = open && sameJson(open.prepared, prepared) ? open.key : undefined;
    const { settled } = await this.#enqueue(prepared, request, { ...options, ...(key !== undefined && { key }) });
    settled.catch(() => {}); // refused later: the queue shows it
    return { ok: true, answer: { ...options.base, ...prepared.request } as A, later: settled };
  }

  /** At once or not at all. */
  async #direct(prepared: Prepared, retry = true): Promise<A> {
    const open = this.#openKey;
    const key = open && sameJson(open.prepared, prepared) ? open.key : this.client.newKey();
    this.#openKey = { key, prepared };
    try {
      return await (prepared.call
        ? this.client.call<A>({ ...prepared.call, key }, { retry })
        : this.client.write<A>(prepared.operation, prepared.request, { key, retry }));
    } catch (error) {
      const isFinal = isInterlockError(error) && error.kind === 'refusal' && !error.retryable;
      if (isFinal) this.#openKey = undefined;
      throw error;
    }
  }

  /** Kept until it is done. */
  async #queued(prepared: Prepared, request: R, { base }: RunOptions): Promise<A> {
    const queue = await this.client.queue();
    const aside = await this.#mend(queue, prepared);
    if (aside) return this.#settled(aside);
    const key = findWaiting(queue.known, prepared.operation, prepared.request)?.key;
    const options = { ...(base && { base }), ...(key !== undefined && { key }) };
    return this.#settled(await this.#enqueue(prepared, request, options));
  }

  #enqueue(
    prepared: Prepared,
    request: R,
    { base, key }: RunOptions & { readonly key?: string },
  ): ReturnType<Perform<A>> {
    const { optimistic } = this.options;
    const options = {
      ...(key !== undefined && { key }),
      ...(base && { base }),
      ...(optimistic === false ? { optimistic } : optimistic && { optimistic: optimistic(request) }),
    };
    return prepared.call
      ? this.client.performCall<A>(prepared.call, options)
      : (this.client.perform as Perform<A>)(prepared.operation, prepared.request, options);
  }

  /** What was refused before goes out again as it is wanted now, in its place, with what waits for it. */
  async #mend(queue: ActionQueue, prepared: Prepared) {
    const aside = queue.known.find((item) => item.key === this.#asideKey);
    this.#asideKey = undefined;
    if (!aside || aside.operation !== prepared.operation) return undefined;
    if (aside.standing !== 'refused' && aside.standing !== 'too_old') return undefined;
    const request = isCreate(aside.operation) ? { ...prepared.request, id: aside.id } : prepared.request;
    return (await queue.retry(aside.key, sameJson(aside.request, request) ? undefined : request)) as {
      key: string;
      settled: Promise<A>;
    };
  }

  async #settled({ key, settled }: { key: string; settled: Promise<A> }): Promise<A> {
    this.#show({ state: 'pending', key });
    try {
      return await settled;
    } catch (error) {
      this.#asideKey = key;
      throw error;
    }
  }

  #prepare(request: R, { base }: RunOptions): Prepared {
    if (typeof this.target === 'function') {
      const call = this.target(request);
      return { operation: `${call.method} ${call.path}`, request: (call.body ?? {}) as Prepared['request'], call };
    }
    const { verb } = operationParts(this.target);
    const isBased = base && (verb === 'update' || verb === 'delete');
    return {
      operation: this.target,
      request: { ...(isBased && { id: base.id, version: base.version }), ...(request as object) },
    };
  }

  #show(snapshot: MutationSnapshot<A>): void {
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }
}

type Perform<A> = (
  operation: string,
  request: object,
  options: object,
) => Promise<{ readonly key: string; readonly settled: Promise<A> }>;

/** What goes behind earlier actions of the same record, or behind a network that is known to be away. */
function mustWait({ known, status }: ActionQueue, { request }: Prepared): boolean {
  const isAway = status.state === 'offline' || status.state === 'unanswered' || status.state === 'unexpected';
  const goesOut = ({ standing }: QueuedAction) => standing === 'ready' || standing === 'waiting';
  return isAway || known.some((item) => item.id !== undefined && item.id === request.id && goesOut(item));
}

const isCreate = (operation: string) => operationParts(operation).verb === 'create';

/** The same action, if it waits in the queue already: since before a reload, or from another tab. */
export function findWaiting(
  items: readonly QueuedAction[],
  operation: string,
  request: Readonly<Record<string, unknown>>,
): QueuedAction | undefined {
  const essence = ({ version: _version, ...rest }: Readonly<Record<string, unknown>>) => rest;
  return items.find(
    (item) =>
      item.operation === operation &&
      item.standing !== 'refused' &&
      item.standing !== 'too_old' &&
      sameJson(essence(item.request), essence(request)),
  );
}

/** A callback that throws is an error of the page, not of the action. */
function safely(work: () => void): void {
  try {
    work();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
