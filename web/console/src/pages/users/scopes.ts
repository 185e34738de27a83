// SPDX-License-Identifier: Apache-2.0
// A member's own scopes: `customers:assigned` says how far their sight of customers reaches, instead of what the role
// says. Others that they have are left as they are.

export const reaches = ['role', 'all', 'assigned', 'own', 'none'] as const;
export type Reach = (typeof reaches)[number];

const collection = 'customers';

/** How far somebody's sight of customers reaches. */
export function customerScope(scopes: readonly string[]): Reach {
  const own = scopes.find((scope) => scope.startsWith(`${collection}:`))?.slice(collection.length + 1);
  return reaches.find((reach) => reach === own) ?? 'role';
}

/** Whether somebody may miss customers that there are; owners and administrators see all, unless they are told otherwise. */
export function seesAllCustomers({
  role,
  scopes,
}: {
  readonly role: string;
  readonly scopes: readonly string[];
}): boolean {
  const reach = customerScope(scopes);
  return reach === 'all' || (reach === 'role' && (role === 'owner' || role === 'admin'));
}

/** The scopes with another reach for customers. */
export function withCustomerScope(scopes: readonly string[], reach: Reach): string[] {
  const others = scopes.filter((scope) => !scope.startsWith(`${collection}:`));
  return reach === 'role' ? others : [...others, `${collection}:${reach}`];
}
