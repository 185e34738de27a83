// SPDX-License-Identifier: Apache-2.0

/** Browsers write a line for every request that fails or is refused; those are what the tests do on purpose. */
export function isOwnComplaint(text: string): boolean {
  return !/Failed to load resource|net::ERR|NetworkError|Cross-Origin Request Blocked|WebSocket connection|can.t establish a connection|was interrupted while the page was loading/i.test(
    text,
  );
}
