// SPDX-License-Identifier: Apache-2.0
// What the library takes from its surroundings: clock, randomness, network and the browser's shared storage. Everything
// is passed in, so that tests can stand in for it; whatever is absent (a private window has no IndexedDB, a page without
// TLS no Web Locks) is simply missing here.

/** The part of WebSocket that the feed uses. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason?: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** The part of BroadcastChannel that tabs use to speak to each other. */
export interface ChannelLike {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The part of the Web Locks API that chooses one tab. */
export interface LocksLike {
  request(name: string, options: { signal?: AbortSignal }, work: () => Promise<void>): Promise<void>;
}

/** The part of Response that is read here. */
export type TextResponse = Pick<Response, 'status' | 'headers' | 'text'>;

/** The surroundings of a client. */
export interface Platform {
  /** Milliseconds since 1970, as Date.now. */
  now(): number;
  /** Fills the bytes with cryptographic randomness. */
  random(bytes: Uint8Array): void;
  /** Calls `work` once after `ms`; the function it answers takes that back. */
  timer(ms: number, work: () => void): () => void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** As fetch, and tells what share of the body has been sent; missing where there is no XMLHttpRequest. */
  fetchWithProgress?: (url: string, init: RequestInit, onProgress: (share: number) => void) => Promise<TextResponse>;
  /** Opens a socket; missing where there is none (Node before 22). */
  openSocket?: (url: string) => SocketLike;
  openChannel?: (name: string) => ChannelLike;
  locks?: LocksLike;
  indexedDB?: IDBFactory;
  /** Calls `work` whenever the network may have come back; the function it answers ends that. */
  onOnline(work: () => void): () => void;
  /** The origin of the page, where there is one. */
  origin?: string;
}

/** The surroundings of a browser, or of Node. */
export function defaultPlatform(): Platform {
  const here = globalThis as typeof globalThis & { window?: Window };
  const page = here.window;
  return {
    now: () => Date.now(),
    random: (bytes) => {
      if (!here.crypto) throw new Error('globalThis.crypto is missing; in Node 18: globalThis.crypto = webcrypto');
      here.crypto.getRandomValues(bytes);
    },
    timer: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    fetch: (url, init) => here.fetch(url, init),
    ...(here.XMLHttpRequest && { fetchWithProgress }),
    ...(here.WebSocket && { openSocket: (url: string) => new here.WebSocket(url) as SocketLike }),
    ...(here.BroadcastChannel && { openChannel }),
    ...(here.navigator?.locks && { locks: here.navigator.locks as LocksLike }),
    ...(here.indexedDB && { indexedDB: here.indexedDB }),
    onOnline: (work) => {
      page?.addEventListener('online', work);
      return () => page?.removeEventListener('online', work);
    },
    ...(page?.location && { origin: page.location.origin }),
  };
}

function openChannel(name: string): ChannelLike {
  const channel = new BroadcastChannel(name) as BroadcastChannel & { unref?: () => void };
  channel.unref?.(); // Node would not end while one is open
  return channel;
}

/** By XMLHttpRequest: fetch does not tell how much it has sent. */
function fetchWithProgress(url: string, init: RequestInit, onProgress: (share: number) => void): Promise<TextResponse> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(init.method ?? 'GET', url);
    request.withCredentials = init.credentials === 'include';
    new Headers(init.headers).forEach((value, name) => {
      request.setRequestHeader(name, value);
    });
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 1);
    request.onload = () =>
      resolve({ status: request.status, headers: headersOf(request), text: async () => request.responseText });
    request.onerror = () => reject(new TypeError('the connection broke off'));
    request.onabort = () => reject(init.signal?.reason);
    init.signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(init.body as Blob);
  });
}

function headersOf(request: XMLHttpRequest): Headers {
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/).filter(Boolean);
  return new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}

/** As a timer, and calls `work` before its time, once, when the network may have come back. */
export function timerOrOnline(platform: Platform, ms: number, work: () => void): () => void {
  const stop = () => {
    stopTimer();
    stopListening();
  };
  const act = () => {
    stop();
    work();
  };
  const stopTimer = platform.timer(ms, act);
  const stopListening = platform.onOnline(act);
  return stop;
}

/**
 * Waits; ends early, with the signal's reason, when the signal is raised, and with `orOnline` also when the network may have
 * come back.
 */
export function wait(platform: Platform, ms: number, signal?: AbortSignal, orOnline = false): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const done = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const stop = orOnline ? timerOrOnline(platform, ms, done) : platform.timer(ms, done);
    const onAbort = () => {
      stop();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** A number from 0 to less than 1. */
export function randomFraction(platform: Platform): number {
  const bytes = new Uint8Array(4);
  platform.random(bytes);
  return new DataView(bytes.buffer).getUint32(0) / 2 ** 32;
}
