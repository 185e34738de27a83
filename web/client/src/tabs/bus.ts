// SPDX-License-Identifier: Apache-2.0
// Messages between the tabs of one browser. A message reaches the tab that posts it as well, so that code need not tell
// whether the one it speaks to lives here or elsewhere. Without BroadcastChannel there is only this tab.
import type { ChannelLike, Platform } from '../platform.js';

/** A channel between all tabs that name it. */
export class Bus<M> {
  readonly #channel: ChannelLike | undefined;
  readonly #listeners = new Set<(message: M) => void>();
  #closed = false;

  constructor(platform: Pick<Platform, 'openChannel'>, name: string) {
    this.#channel = platform.openChannel?.(name);
    if (this.#channel) this.#channel.onmessage = (event) => this.#deliver(event.data as M);
  }

  /** Whether other tabs can be reached. */
  get shared(): boolean {
    return this.#channel !== undefined;
  }

  /** To every tab, this one included. */
  post(message: M): void {
    if (this.#closed) return;
    this.#channel?.postMessage(message);
    queueMicrotask(() => this.#deliver(message));
  }

  /** Calls the listener for every message; the function it answers ends that. */
  listen(listener: (message: M) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends it for this tab. */
  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    if (this.#channel) this.#channel.onmessage = null;
    this.#channel?.close();
  }

  #deliver(message: M): void {
    for (const listener of [...this.#listeners]) listener(message);
  }
}
