// SPDX-License-Identifier: Apache-2.0
// Short messages at the edge of the page.
import { notifications } from '@mantine/notifications';
import type { Texts } from '../texts/texts';
import { errorText } from './error_text';

/** Says that something did not work, and why. */
export function tellError(texts: Texts, error: unknown, title = texts.get('error.title')): void {
  notifications.show({ color: 'red', title, message: errorText(texts, error), autoClose: 12_000, role: 'alert' });
}

/** Says that something is done. */
export function tellDone(message: string): void {
  notifications.show({ color: 'teal', message, role: 'status' });
}
