// SPDX-License-Identifier: Apache-2.0
import { english, type Texts as LibraryTexts, spanish } from '@interlock/react';
import type { Language } from './area';
import type { Texts } from './texts';

/** The library's catalogues, which have the texts of its components and of all refusals. */
export const libraryTexts: Readonly<Record<Language, LibraryTexts>> = { en: english, es: spanish };

/** The same, with the tenant's word for its customers wherever actions are named. */
export function libraryTextsOf(texts: Texts): LibraryTexts {
  const usual = libraryTexts[texts.language];
  return {
    ...usual,
    collections: { ...usual.collections, customers: texts.get('library.customer') },
    operations: { ...usual.operations, 'customers/redact': texts.get('library.redact') },
  };
}
