// SPDX-License-Identifier: Apache-2.0
// Faults of the program itself, as opposed to what a server or a network may answer.

/** Hands a fault to the page's handler of faults. */
export function reportFault(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
