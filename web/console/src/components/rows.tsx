// SPDX-License-Identifier: Apache-2.0
// A list of records as lines: what it is, what more is known, and at the end its state and what can be done.
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className="plain-list rows" aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  readonly title: string;
  /** The page of the record. */
  readonly to?: string;
  /** What is known beside, parted by dots. */
  readonly facts?: readonly (ReactNode | undefined)[];
  /** One line more. */
  readonly note?: string;
  readonly pending?: boolean;
  readonly start?: ReactNode;
  /** State and buttons. */
  readonly children?: ReactNode;
  /** Below the line, over its whole width. */
  readonly below?: ReactNode;
}

export function Row({ title, to, facts = [], note, pending = false, start, children, below }: RowProps) {
  const shown = facts.filter((one) => one !== undefined && one !== '' && one !== null);
  return (
    <li className="row" data-pending={pending || undefined}>
      <div className="row-line">
        {start}
        <div className="row-main">
          {to ? (
            <Link to={to} className="row-title">
              {title}
            </Link>
          ) : (
            <span className="row-title">{title}</span>
          )}
          {shown.length > 0 && (
            <Text size="xs" c="dimmed" component="div" className="row-facts">
              {shown.map((one, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the facts of one line, always in this order
                <span key={index}>{one}</span>
              ))}
            </Text>
          )}
          {note && (
            <Text size="xs" c="dimmed" lineClamp={1}>
              {note}
            </Text>
          )}
        </div>
        {children && <div className="row-end">{children}</div>}
      </div>
      {below}
    </li>
  );
}
