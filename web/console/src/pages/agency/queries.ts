// SPDX-License-Identifier: Apache-2.0
// The lists of the agency's pages, as questions: who asks the same is shown the same list.
import type { LiveListQuery } from '@interlock/client';

export const pageItems = 50;

export type ServiceFilter = Omit<LiveListQuery<'interested-services'>, 'sort' | 'limit'>;
export type ApplicationFilter = Omit<LiveListQuery<'applications'>, 'sort' | 'limit'>;

/** Newest first: a conversion moves no line away under the mouse. */
export function servicesQuery(filter: ServiceFilter): LiveListQuery<'interested-services'> {
  return { ...filter, sort: '-created_at', limit: pageItems };
}

export function applicationsQuery(filter: ApplicationFilter): LiveListQuery<'applications'> {
  return { sort: '-created_at', ...filter, limit: pageItems };
}
