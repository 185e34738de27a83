// SPDX-License-Identifier: Apache-2.0
// Short messages at the edge of the page.
import { notifications } from '@mantine/notifications';
import type { Texts } from '../texts/texts';
import { errorText } from './error_text';

/** Says that something did not work, and why. */
export function tellError(texts: Texts, error: unknown, title = texts.get('error.title')): void {
  tellRefused(texts, title, errorText(texts, error));
}

/** The same, where the reason is known already. */
export function tellRefused(texts: Texts, title: string, message: string): void {
  const closeButtonProps = { 'aria-label': texts.get('common.close') };
  notifications.show({ color: 'red', title, message, autoClose: 12_000, role: 'alert', closeButtonProps });
}

const slowMs = 8_000;

/** Says, if an answer is long in coming, that it is not known yet what became of it; until the function is called. */
export function tellSlow(texts: Texts): () => void {
  let shown: string | undefined;
  const timer = setTimeout(() => {
    const closeButtonProps = { 'aria-label': texts.get('common.close') };
    const message = texts.get('common.slow');
    shown = notifications.show({ color: 'yellow', message, autoClose: false, role: 'status', closeButtonProps });
  }, slowMs);
  return () => {
    clearTimeout(timer);
    if (shown !== undefined) notifications.hide(shown);
  };
}

/** Says that something is done. */
export function tellDone(message: string): void {
  notifications.show({ color: 'teal', message, role: 'status', withCloseButton: false });
}
