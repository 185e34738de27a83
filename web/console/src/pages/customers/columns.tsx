// SPDX-License-Identifier: Apache-2.0
// The columns of the list of customers.
import type { Customer } from '@interlock/client';
import type { Format } from '@interlock/react';
import { createColumnHelper } from '@tanstack/react-table';
import { Person } from '../../components/person';
import { StatusBadge } from '../../components/status_badge';
import { Tags } from '../../components/tags';
import type { People } from '../../lib/people';
import type { Statuses } from '../../lib/statuses';
import type { TextKey } from '../../texts/texts';

const column = createColumnHelper<Customer>();

/** Share of the width, and the least in pixels. */
export const columnWidths: Readonly<Record<string, readonly [number, number]>> = {
  name: [2.2, 156],
  status: [1, 108],
  email: [2, 104],
  phone: [1.2, 122],
  assigned_to: [1.3, 120],
  tags: [1.6, 140],
  address: [2, 140],
  created_at: [0.9, 96],
  updated_at: [0.9, 96],
};

/** Where nothing else was chosen. */
export const columnsDefault: Readonly<Record<string, boolean>> = { address: false, created_at: false };

// Plain elements: a list that is scrolled draws hundreds of cells a second.
const dim = (text: string) => <div className="cell cell-dim">{text}</div>;
const plain = (text: string) => (
  <div className="cell" title={text}>
    {text}
  </div>
);

interface Needs {
  readonly t: (key: TextKey) => string;
  readonly people: People;
  readonly statuses: Statuses;
  readonly format: Format;
}

export function customerColumns({ t, people, statuses, format }: Needs) {
  return [
    column.accessor('name', {
      header: t('field.name'),
      enableHiding: false,
      cell: ({ getValue }) => (
        <div className="cell cell-title" title={getValue()}>
          {getValue()}
        </div>
      ),
    }),
    column.accessor('status', {
      header: t('field.status'),
      cell: ({ getValue }) => <StatusBadge name={getValue()} statuses={statuses} />,
    }),
    column.accessor('email', { header: t('field.email'), cell: ({ getValue }) => plain(getValue()) }),
    column.accessor('phone', { header: t('field.phone'), cell: ({ getValue }) => plain(getValue()) }),
    column.accessor('assigned_to', {
      header: t('field.assigned_to'),
      cell: ({ getValue }) => <Person name={people.nameOf(getValue())} dimmed={!getValue()} />,
    }),
    column.accessor('tags', { header: t('field.tags'), cell: ({ getValue }) => <Tags tags={getValue()} shown={1} /> }),
    column.accessor('address', { header: t('field.address'), cell: ({ getValue }) => plain(getValue()) }),
    column.accessor('created_at', {
      header: t('field.created_at'),
      cell: ({ getValue }) => dim(format.date(getValue())),
    }),
    column.accessor('updated_at', {
      header: t('field.updated_at'),
      cell: ({ getValue }) => dim(format.ago(getValue())),
    }),
  ];
}
