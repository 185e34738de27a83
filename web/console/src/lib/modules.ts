// SPDX-License-Identifier: Apache-2.0
// What a tenant may switch on; the names are the server's.

export const modules = ['crm', 'catalogue', 'agency'] as const;

export type Module = (typeof modules)[number];
