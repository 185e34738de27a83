// SPDX-License-Identifier: Apache-2.0

/** The languages that ship. */
export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

/** One part of the catalogue: every key in every language. `{name}` stands for a value. */
export type Area = Readonly<Record<string, Readonly<Record<Language, string>>>>;
