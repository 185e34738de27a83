// SPDX-License-Identifier: Apache-2.0
// The few signs that the components show beside a text, never instead of one.
import type { ReactNode } from 'react';

export type IconName = 'check' | 'clock' | 'warning' | 'offline' | 'person' | 'chevron' | 'close' | 'reply';

const paths: Record<IconName, string> = {
  check: 'M3.5 8.5 6.5 11.5 12.5 4.5',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.3',
  warning: 'M8 2.6 14 13H2zM8 6.6v3M8 11.2v.1',
  offline: 'M2.5 2.5l11 11M4.5 6.6A3 3 0 0 0 5 12.5h6.2M13 11.6A2.7 2.7 0 0 0 11.2 7 3.8 3.8 0 0 0 7.3 4.5',
  person: 'M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8M3 13.4a5 5 0 0 1 10 0',
  chevron: 'M4 6l4 4 4-4',
  close: 'M4 4l8 8M12 4l-8 8',
  reply: 'M6.5 4 3 7.5 6.5 11M3.4 7.5H9a4 4 0 0 1 4 4',
};

export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg className="il-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

export function Spinner(): ReactNode {
  return <span className="il-spinner" aria-hidden="true" />;
}
