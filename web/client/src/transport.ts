// SPDX-License-Identifier: Apache-2.0
// One HTTP call: sent with a time-out, its answer read and told apart into success, refusal and everything that this
// server would never send; repeated with its key where that is safe and helps.
import {
  ConnectionLost,
  isInterlockError,
  type ProblemDocument,
  Refusal,
  TimedOut,
  UnexpectedAnswer,
} from './errors.js';
import { type Platform, randomFraction, wait } from './platform.js';

/** One call of the server. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** From the root of the server: /api/customers. */
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Bytes that are sent as they are, instead of a body; their type is the Blob's. */
  readonly content?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as Idempotency-Key. */
  readonly key?: string;
}

/** How a call is made. */
export interface CallOptions {
  /** Ends the call; it then throws the signal's reason. */
  signal?: AbortSignal;
  /** For each try, in milliseconds. */
  timeoutMs?: number;
  /** False: one try only. */
  retry?: boolean;
  /** Told what share of `content` has been sent, from 0 to 1, anew with every try; not where only fetch is there. */
  onProgress?: (share: number) => void;
}

/** What came back. */
export interface HttpAnswer<T = unknown> {
  readonly status: number;
  readonly body: T;
  /** The sequence that the answer reflects, where the server says it. */
  readonly seq: number | undefined;
  /** Whether this is the stored answer of an earlier try. */
  readonly replayed: boolean;
}

/** Bounds of tries. */
export const tries = {
  countMax: 5,
  delaysMs: [1_000, 2_000, 4_000, 4_000],
  timeoutMs: 20_000,
  /** For a try that sends a file over a slow line. */
  contentTimeoutMs: 600_000,
  /** What Retry-After may ask for; if it asks for more, the caller decides. */
  retryAfterMsMax: 60_000,
} as const;

const excerptCharactersMax = 200;
const gatewayStatuses = [429, 502, 503, 504];

/** Where calls go, and what goes with each. */
export interface TransportOptions {
  baseUrl: string;
  /** A bearer token; browsers use the cookie instead. */
  token?: () => string | undefined;
  headers?: Readonly<Record<string, string>>;
  credentials?: RequestCredentials;
  timeoutMs?: number;
}

/** Makes calls. Stateless but for its options. */
export class Transport {
  constructor(
    readonly platform: Platform,
    readonly options: TransportOptions,
  ) {}

  /** The whole address of a path. */
  url(path: string, query: HttpCall['query'] = []): string {
    const text = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
    return this.options.baseUrl.replace(/\/$/, '') + path + (text && `?${text}`);
  }

  /** Sends the call, again where that is safe: 5 tries at most, after 1, 2, 4 and 4 s with jitter. */
  async send<T>(call: HttpCall, options: CallOptions = {}): Promise<HttpAnswer<T>> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.attempt<T>(call, options);
      } catch (error) {
        const last = options.retry === false || tried >= tries.countMax;
        if (last || !isInterlockError(error) || !error.retryable) throw error;
        const delay = this.delayBefore(tried, error);
        if (delay === undefined) throw error;
        // Who was not reached may be reached as soon as there is a network; whoever asked for patience gets it.
        const isLost = error.kind === 'connection_lost' || error.kind === 'timed_out';
        await wait(this.platform, delay, options.signal, isLost);
      }
    }
  }

  /** Milliseconds before the next try; nothing if the server wants more patience than a call has. */
  delayBefore(tried: number, error: unknown): number | undefined {
    const asked = error instanceof Refusal || error instanceof UnexpectedAnswer ? error.retryAfterMs : undefined;
    if (asked !== undefined && asked > tries.retryAfterMsMax) return undefined;
    const usual = tries.delaysMs[Math.min(tried, tries.delaysMs.length) - 1]!;
    const jittered = usual * (0.5 + randomFraction(this.platform) / 2);
    // Everybody was told the same time: coming back at once, all together, would be the next overload.
    return asked === undefined ? jittered : Math.max(jittered, asked + (usual * randomFraction(this.platform)) / 4);
  }

  /** One try. */
  async attempt<T>(call: HttpCall, { signal, timeoutMs, onProgress }: CallOptions = {}): Promise<HttpAnswer<T>> {
    signal?.throwIfAborted();
    const usual = call.content ? tries.contentTimeoutMs : (this.options.timeoutMs ?? tries.timeoutMs);
    const ending = new AbortController();
    const stopTimer = this.platform.timer(timeoutMs ?? usual, () =>
      ending.abort(new TimedOut('No answer came in time')),
    );
    const onAbort = () => ending.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const { fetch, fetchWithProgress } = this.platform;
      const url = this.url(call.path, call.query);
      const init = this.#init(call, ending.signal);
      const tells = call.content && onProgress && fetchWithProgress;
      const response = await (tells ? fetchWithProgress(url, init, onProgress) : fetch(url, init));
      return readAnswer<T>(response, await response.text());
    } catch (error) {
      if (ending.signal.aborted) throw ending.signal.reason;
      if (isInterlockError(error)) throw error;
      throw new ConnectionLost('The server cannot be reached', { cause: error });
    } finally {
      stopTimer();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #init(call: HttpCall, signal: AbortSignal): RequestInit {
    const token = this.options.token?.();
    return {
      method: call.method,
      headers: {
        Accept: 'application/json',
        ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
        ...(call.content && { 'Content-Type': call.content.type || 'application/octet-stream' }),
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(call.key && { 'Idempotency-Key': call.key }),
        ...this.options.headers,
        ...call.headers,
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(call.content && { body: call.content }),
      credentials: this.options.credentials ?? 'same-origin',
      cache: 'no-store',
      signal,
    };
  }
}

/** Tells an answer apart. Throws Refusal or UnexpectedAnswer. */
export function readAnswer<T>(response: Pick<Response, 'status' | 'headers'>, text: string): HttpAnswer<T> {
  const { status, headers } = response;
  const retryAfterMs = readRetryAfter(headers.get('Retry-After'), headers.get('Date'));
  const replayed = headers.get('Idempotency-Replayed') === 'true';
  const body = parse(text);
  if (status >= 400 && isObject(body) && !(status >= 500 && typeof body.code !== 'string')) {
    throw new Refusal(status, body as ProblemDocument, retryAfterMs, replayed);
  }
  const unexpected = unexpectedReason(status, text, body);
  if (unexpected) throw new UnexpectedAnswer(unexpected, status, text.slice(0, excerptCharactersMax), retryAfterMs);
  const seq = headers.get('Interlock-Seq');
  return { status, body: body as T, seq: seq ? Number(seq) : undefined, replayed };
}

function unexpectedReason(status: number, text: string, body: unknown) {
  if (gatewayStatuses.includes(status)) return 'gateway';
  if (status >= 500) return 'server_error';
  if (status === 204 || status === 205) return undefined;
  if (text.trim() === '') return 'empty';
  if (/^\s*</.test(text)) return 'html';
  return body === undefined || status < 200 || status >= 300 ? 'broken_json' : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told apart by unexpectedReason
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Seconds or a date (RFC 9110, section 10.2.3); a date is held against the server's own clock. */
function readRetryAfter(text: string | null, date: string | null): number | undefined {
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const ms = Date.parse(text) - Date.parse(date ?? '');
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
