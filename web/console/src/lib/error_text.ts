// SPDX-License-Identifier: Apache-2.0
// What went wrong, in words, and whether trying again makes sense.
import { holderOf, isInterlockError, Refusal, UnexpectedAnswer } from '@interlock/client';
import type { TextKey, Texts } from '../texts/texts';
import { Texts as TextsClass } from '../texts/texts';
import { FileRefused } from './check_file';

const unexpectedKeys = {
  html: 'error.html',
  empty: 'error.broken',
  broken_json: 'error.broken',
  gateway: 'error.gateway',
  server_error: 'error.server',
} as const satisfies Record<UnexpectedAnswer['reason'], TextKey>;

/** The message for a person. */
export function errorText(texts: Texts, error: unknown): string {
  if (isNewRelease(error)) return texts.get('error.new_release');
  if (error instanceof FileRefused) return texts.get(`error.${error.reason}`, { limit: megabytes(texts, error.limit) });
  if (!isInterlockError(error)) return texts.get('error.page_more');
  if (error instanceof Refusal) return refusalText(texts, error);
  if (error instanceof UnexpectedAnswer) return texts.get(unexpectedKeys[error.reason]);
  const key = `error.${error.kind}`;
  return TextsClass.has(key) ? texts.get(key) : error.message;
}

function megabytes(texts: Texts, bytes = 0): string {
  const unit = { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(texts.language, unit).format(bytes / (1024 * 1024));
}

function refusalText(texts: Texts, refusal: Refusal): string {
  if (refusal.code === 'body_too_large' && refusal.limit !== undefined) {
    return texts.get('error.file_too_large', { limit: megabytes(texts, refusal.limit) });
  }
  const key = `error.${refusal.code}`;
  const name = holderOf(refusal)?.name ?? texts.get('common.unknown_user');
  if (!TextsClass.has(key) && refusal.status >= 500) return texts.get('error.server');
  if (!TextsClass.has(key)) return texts.get('error.other', { detail: refusal.message });
  return texts.get(key, { limit: refusal.limit ?? '', name });
}

/** Whether the server took what stands in the address for no id at all: then it names nothing. */
export function isNoId(error: unknown): boolean {
  return error instanceof Refusal && error.status === 422;
}

/** A part of the application that is not there any more: the server was upgraded while this page was open. */
export function isNewRelease(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message);
}
