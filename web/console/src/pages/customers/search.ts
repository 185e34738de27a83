// SPDX-License-Identifier: Apache-2.0
// What the address says about the list of customers, and the question that it makes of it.
import { idPrefix, type LiveListQuery, type Sort } from '@interlock/client';

export type CustomerField =
  | 'name'
  | 'email'
  | 'phone'
  | 'status'
  | 'assigned_to'
  | 'tags'
  | 'address'
  | 'created_at'
  | 'updated_at';

export interface CustomerSearch {
  readonly view?: 'board' | 'trash';
  readonly q?: string;
  readonly status?: readonly string[];
  /** A user, `me`, or `null` for nobody. */
  readonly assigned?: string;
  readonly tag?: string;
  readonly sort?: string;
}

const sortable = ['name', 'email', 'phone', 'status', 'created_at', 'updated_at'] as const;

/** Rows of a page of the list. */
export const listRows = 150;

export const sortDefault = '-updated_at';

/** What may be sorted by. */
export function isSortable(field: string): boolean {
  return sortable.some((one) => one === field);
}

const text = (value: unknown) => (typeof value === 'string' && value.trim() ? value : undefined);

const isAssignee = (text: string) => text === 'me' || text === 'null' || idPrefix(text) === 'user';

/** Takes what an address may hold; what makes no sense is left out. */
export function readSearch(search: Record<string, unknown>): CustomerSearch {
  const { view, status, sort } = search;
  const statuses = (Array.isArray(status) ? status : [status]).filter((one): one is string => text(one) !== undefined);
  const [q, assigned, tag] = [text(search.q), text(search.assigned), text(search.tag)];
  return {
    ...((view === 'board' || view === 'trash') && { view }),
    ...(q && { q }),
    ...(statuses.length > 0 && { status: statuses }),
    ...(assigned && isAssignee(assigned) && { assigned }),
    ...(tag && { tag }),
    ...(typeof sort === 'string' && isSortable(sort.replace(/^-/, '')) && sort !== sortDefault && { sort }),
  };
}

/** Whether anything narrows the list. */
export function isNarrowed({ q, status, assigned, tag }: CustomerSearch): boolean {
  return Boolean(q || status || assigned || tag);
}

/** The question to the server. */
export function listQuery(search: CustomerSearch, limit: number): LiveListQuery<'customers'> {
  const { q, status, assigned, tag, sort = sortDefault, view } = search;
  return {
    limit,
    sort: sort as Sort<'customers'>,
    ...(q?.trim() && { q: q.trim() }),
    ...(status && { status }),
    ...(assigned && { assigned_to: assigned === 'null' ? null : assigned }),
    ...(tag && { tags: tag }),
    ...(view === 'trash' && { deleted: true }),
  };
}
