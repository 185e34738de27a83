// SPDX-License-Identifier: Apache-2.0
import type { LiveListQuery } from '@interlock/client';

const pageItems = 50;

/** What was done with a record, newest first. */
export function timelineQuery(subject: string): LiveListQuery<'activities'> {
  return { subject, sort: '-at', limit: pageItems };
}

/** What matters of it. */
export function pinnedQuery(subject: string): LiveListQuery<'activities'> {
  return { subject, pinned: true, sort: '-at', limit: pageItems };
}
