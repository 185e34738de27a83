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

/** Says that something is done. */
export function tellDone(message: string): void {
  notifications.show({ color: 'teal', message, role: 'status', withCloseButton: false });
}
