// SPDX-License-Identifier: Apache-2.0
// Faults of the program itself, as opposed to what a server or a network may answer: told to the server, whose operator
// can do something about them.

/** A page in a loop of faults tells of some only. */
const reportsMax = 10;
/** What is no fault of ours: a resize that the browser puts off, a request that was called off. */
const harmless = /ResizeObserver loop|AbortError|The operation was aborted|The user aborted/;
let reports = 0;

/** Tells the server; never throws, and does not wait. */
export function tellServer(error: unknown, source = '', line = 0, column = 0): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (harmless.test(message) || reports >= reportsMax) return;
  reports += 1;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const page = location.pathname;
  void fetch('/api/script-errors', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ message, source, line, column, stack, page }),
    keepalive: true,
  }).catch(() => {}); // there is nobody else to tell
}

/** Hands a fault to the page's handler of faults, and so to the browser's log and the server. */
export function reportFault(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** From here on every fault that nobody caught is told. */
export function watchFaults(): void {
  window.addEventListener('error', (event) => {
    if (event.message) tellServer(event.error ?? event.message, event.filename, event.lineno, event.colno);
  });
  window.addEventListener('unhandledrejection', (event) => tellServer(event.reason));
}
