// SPDX-License-Identifier: Apache-2.0
// What went wrong, in words: the library's where a server or a network is to blame, our own for the page itself.
import { isInterlockError, Refusal } from '@interlock/client';
import { describeProblem, type Format, makeFormat, type ProblemText } from '@interlock/react';
import type { Language } from '../texts/area';
import { libraryTexts } from '../texts/library';
import type { Texts } from '../texts/texts';
import { FileRefused } from './check_file';

const formats: Partial<Record<Language, Format>> = {};

/** For limits and times, also where nobody is logged in. */
function formatOf(language: Language): Format {
  formats[language] ??= makeFormat({ locale: language }, libraryTexts[language]);
  return formats[language];
}

const sentences = ({ title, text }: ProblemText) => `${title}. ${text}`;

/** The message for a person. */
export function errorText(texts: Texts, error: unknown): string {
  const { language } = texts;
  if (isNewRelease(error)) return texts.get('error.new_release');
  if (error instanceof FileRefused) return fileText(texts, error);
  if (!isInterlockError(error)) return texts.get('error.page_more');
  if (isWrongAddress(error)) return texts.get('error.email_address');
  return sentences(describeProblem(error, libraryTexts[language], formatOf(language)));
}

function fileText(texts: Texts, { reason, limit = 0 }: FileRefused): string {
  const { language } = texts;
  if (reason === 'file_type') return sentences(libraryTexts[language].codes.file_type!);
  return texts.get(`error.${reason}`, { limit: formatOf(language).bytes(limit) });
}

/** The server says what an address has to be like: one rule for all of them. */
function isWrongAddress(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'invalid_value' && error.field === 'email';
}

/** Whether the server took what stands in the address for no id at all: then it names nothing. */
export function isNoId(error: unknown): boolean {
  return error instanceof Refusal && error.status === 422;
}

/** A part of the application that is not there any more: the server was upgraded while this page was open. */
export function isNewRelease(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message);
}
