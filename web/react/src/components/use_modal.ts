// SPDX-License-Identifier: Apache-2.0
import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react';

const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

/**
 * Opens a <dialog> over the page: the focus goes in and stays in, Escape leaves it, and afterwards the focus is back where
 * it was.
 */
export function useModal(onLeave: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  const leave = useRef(onLeave);
  leave.current = onLeave;

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const before = document.activeElement;
    if (typeof dialog.showModal === 'function') dialog.showModal();
    else dialog.setAttribute('open', '');
    // The browser's own way of closing would leave what draws it behind.
    const onCancel = (event: Event) => {
      event.preventDefault();
      leave.current();
    };
    dialog.addEventListener('cancel', onCancel);
    (dialog.querySelector<HTMLElement>('[data-il-first]') ?? dialog.querySelector<HTMLElement>(focusable))?.focus();
    return () => {
      dialog.removeEventListener('cancel', onCancel);
      if (typeof dialog.close === 'function') dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const onKeyDown = useCallback((event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      leave.current();
    } else if (event.key === 'Tab') {
      keepInside(ref.current, event);
    }
  }, []);
  return { ref, onKeyDown };
}

/** From the last element Tab goes to the first one, and back. */
function keepInside(dialog: HTMLElement | null, event: KeyboardEvent): void {
  const all = [...(dialog?.querySelectorAll<HTMLElement>(focusable) ?? [])];
  // Of a group of radio buttons Tab reaches one only.
  const reachable = all.filter(
    (one) => !(one instanceof HTMLInputElement && one.type === 'radio') || isTabStop(one, all),
  );
  const [first, last] = [reachable[0], reachable.at(-1)];
  if (!first || !last) return;
  const active = document.activeElement;
  const leaves = event.shiftKey ? active === first || !dialog?.contains(active) : active === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

function isTabStop(radio: HTMLInputElement, all: readonly HTMLElement[]): boolean {
  const group = all.filter(
    (one): one is HTMLInputElement => one instanceof HTMLInputElement && one.name === radio.name,
  );
  const checked = group.find((one) => one.checked);
  return checked ? checked === radio : radio === document.activeElement || group[0] === radio;
}
