// SPDX-License-Identifier: Apache-2.0
import { idPrefix } from '@interlock/client';

const pages: Readonly<Record<string, string>> = {
  customer: '/customers',
  partner: '/partners',
  product: '/products',
  interested_service: '/services',
  application: '/applications',
  user: '/users',
};

/** Whether a record has a page of its own. */
export function hasPage(id: string): boolean {
  return (idPrefix(id) ?? '') in pages;
}

/** The page of a record; what has none is shown where the work begins. */
export function pageOf(id: string): string {
  const page = pages[idPrefix(id) ?? ''];
  return page ? `${page}/${id}` : '/customers';
}
