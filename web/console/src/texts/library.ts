// SPDX-License-Identifier: Apache-2.0
import { english, type Texts as LibraryTexts, spanish } from '@interlock/react';
import type { Language } from './area';

/** The library's catalogues, which have the texts of its components and of all refusals. */
export const libraryTexts: Readonly<Record<Language, LibraryTexts>> = { en: english, es: spanish };
