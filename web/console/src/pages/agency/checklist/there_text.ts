// SPDX-License-Identifier: Apache-2.0
import type { Texts } from '../../../texts/texts';

/** How many of the documents that are needed are there, in words. */
export function thereText(texts: Texts, there: number, needed: number): string {
  if (needed === 0) return texts.get('checklist.there_none');
  return texts.count('checklist.there', needed, { n: there, all: needed });
}
