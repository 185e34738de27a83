// SPDX-License-Identifier: Apache-2.0
// The states of services and applications: a dot and a word.
import type { Application, InterestedService } from '@interlock/client';
import { useT } from '../../texts/context';

export type ApplicationStatusName = Application['status'];

const applicationColors: Readonly<Record<ApplicationStatusName, string>> = {
  draft: 'gray',
  submitted: 'accent',
  offered: 'orange',
  accepted: 'teal',
  refused: 'red',
  withdrawn: 'gray',
};

export const applicationStatuses = Object.keys(applicationColors) as ApplicationStatusName[];

/** The moves that the server's table allows; it decides. */
export const applicationMoves: Readonly<Record<ApplicationStatusName, readonly ApplicationStatusName[]>> = {
  draft: ['submitted', 'withdrawn'],
  submitted: ['offered', 'refused', 'draft', 'withdrawn'],
  offered: ['accepted', 'refused', 'withdrawn'],
  accepted: ['withdrawn'],
  refused: ['draft'],
  withdrawn: ['draft'],
};

/** Whether there is nothing more to do for it. */
export function isClosed(status: ApplicationStatusName): boolean {
  return status === 'accepted' || status === 'refused' || status === 'withdrawn';
}

export function ApplicationStatus({ status }: { status: ApplicationStatusName }) {
  const t = useT();
  return (
    <span className="status" data-color={applicationColors[status]}>
      {t(`status.applications.${status}`)}
    </span>
  );
}

export function ServiceStatus({ status }: { status: InterestedService['status'] }) {
  const t = useT();
  return (
    <span className="status" data-color={status === 'converted' ? 'teal' : 'gray'}>
      {t(`status.services.${status}`)}
    </span>
  );
}
