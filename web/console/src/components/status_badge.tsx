// SPDX-License-Identifier: Apache-2.0
import { type Statuses, statusColor } from '../lib/statuses';

/** A customer's status: a dot in the colour of its type, and its name. */
export function StatusBadge({ name, statuses }: { name: string; statuses: Statuses }) {
  return (
    <span className="status" data-color={statusColor(statuses.find(name)?.type)}>
      {statuses.label(name)}
    </span>
  );
}
