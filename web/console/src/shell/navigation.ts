// SPDX-License-Identifier: Apache-2.0
// What the navigation offers, by module; a page that its user may not see is left out.
import type { IconName } from '../components/icon';
import type { Module } from '../lib/modules';
import type { TextKey } from '../texts/texts';

export interface NavigationItem {
  readonly to: string;
  readonly text: TextKey;
  readonly icon: IconName;
  /** The permission that the page needs. */
  readonly needs?: string;
  /** The module that has to be on. */
  readonly module?: Module;
}

export interface NavigationSection {
  readonly text: TextKey;
  readonly items: readonly NavigationItem[];
}

export const navigation: readonly NavigationSection[] = [
  {
    text: 'nav.section.work',
    items: [{ to: '/customers', text: 'nav.customers', icon: 'customers', needs: 'customers.read', module: 'crm' }],
  },
  {
    text: 'nav.section.agency',
    items: [
      { to: '/work', text: 'nav.my_work', icon: 'home', needs: 'interested-services.read', module: 'agency' },
      { to: '/services', text: 'services.title', icon: 'check', needs: 'interested-services.read', module: 'agency' },
      { to: '/applications', text: 'applications.title', icon: 'audit', needs: 'applications.read', module: 'agency' },
      { to: '/partners', text: 'partners.title', icon: 'building', needs: 'partners.read', module: 'catalogue' },
      { to: '/products', text: 'products.title', icon: 'tag', needs: 'products.read', module: 'catalogue' },
    ],
  },
  {
    text: 'nav.section.manage',
    items: [
      { to: '/users', text: 'nav.users', icon: 'user', needs: 'users.read' },
      { to: '/tokens', text: 'nav.tokens', icon: 'key', needs: 'api-tokens.read' },
      { to: '/settings', text: 'nav.settings', icon: 'settings', needs: 'settings.write' },
      { to: '/audit', text: 'nav.audit', icon: 'audit', needs: 'audit.read' },
      { to: '/operations', text: 'nav.operations', icon: 'gauge', needs: 'operations.read' },
    ],
  },
];

/** The entry to which an address belongs. */
export function itemAt(path: string): NavigationItem | undefined {
  return navigation.flatMap(({ items }) => items).find(({ to }) => path === to || path.startsWith(`${to}/`));
}

/** The module that a page belongs to, where it belongs to one. */
export function moduleOf(path: string): Module | undefined {
  return itemAt(path)?.module;
}

/** The sections with what this user may open. */
export function navigationFor(
  may: (permission: string) => boolean,
  modules: readonly string[] | undefined,
): NavigationSection[] {
  const fits = ({ needs, module }: NavigationItem) =>
    (!needs || may(needs)) && (!module || !modules || modules.includes(module));
  return navigation
    .map((section) => ({ ...section, items: section.items.filter(fits) }))
    .filter((section) => section.items.length > 0);
}
