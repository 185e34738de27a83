// SPDX-License-Identifier: Apache-2.0
// Keys of a page: single keys, as long as nobody types and no dialog is open.
import { useEffect, useRef } from 'react';

type Handler = (event: KeyboardEvent) => unknown;

const typing = 'input, textarea, select, [contenteditable="true"], [role="menu"], [role="listbox"], [role="combobox"]';

/** Calls the handler of a key; one that answers false leaves the key alone. */
export function useKeys(keys: Readonly<Record<string, Handler>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(typing)) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const handler = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (handler && handler(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
