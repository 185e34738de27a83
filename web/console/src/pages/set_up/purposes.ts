// SPDX-License-Identifier: Apache-2.0
// What a company does decides what is switched on when it begins; its settings change that later.

export const purposes = {
  sales: ['crm'],
  trade: ['crm', 'catalogue'],
  agency: ['crm', 'catalogue', 'agency'],
} as const;

export type Purpose = keyof typeof purposes;
