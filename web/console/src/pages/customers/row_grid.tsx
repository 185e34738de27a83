// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/a11y/useSemanticElements: rows that do not exist cannot be rows of a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid has the keys
// A table of which only the rows in sight exist. Rows have one height, so that scrolling measures nothing.
import type { Customer } from '@interlock/client';
import { UnstyledButton } from '@mantine/core';
import { flexRender, type Row, type Table } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, memo, type ReactNode, useCallback, useEffect, useRef } from 'react';
import { Icon } from '../../components/icon';
import { useT } from '../../texts/context';
import { columnWidths } from './columns';
import { isSortable, sortDefault } from './search';
import type { Selection } from './selection';

const rowPixels = 44;
/** Rows drawn beyond those in sight, and how many before the end more are loaded. */
const rowsBeyond = 12;
const rowsAhead = 80;

interface Props {
  readonly table: Table<Customer>;
  readonly label: string;
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onOpen: (customer: Customer) => void;
  readonly pending: ReadonlySet<string>;
  readonly selection: Selection | undefined;
  readonly narrow: boolean;
  readonly sort: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly renderEnd?: ((customer: Customer) => ReactNode) | undefined;
}

export function RowGrid(props: Props) {
  const { table, label, active, selection, hasMore, onMore, renderEnd, narrow } = props;
  const box = useRef<HTMLDivElement>(null);
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPixels,
    overscan: rowsBeyond,
    getItemKey: (index) => rows[index]!.id,
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each number of rows
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - rowsAhead) onMore();
  }, [hasMore, lastShown >= rows.length - rowsAhead, rows.length]);
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active);
  }, [active, virtual]);

  const latest = useRef(props);
  latest.current = props;
  // The same functions for every row and every time, so that a row is drawn only when it changed.
  const open = useCallback((one: Customer) => latest.current.onOpen(one), []);
  const activate = useCallback((index: number) => latest.current.onActive(index), []);
  const toggle = useCallback((id: string, range?: boolean) => latest.current.selection?.toggle(id, range), []);

  const columns = table.getVisibleLeafColumns();
  const template = [
    ...(selection ? ['36px'] : []),
    ...columns.map(({ id }) =>
      narrow
        ? id === 'name'
          ? 'minmax(0,1fr)'
          : 'auto'
        : `minmax(${columnWidths[id]![1]}px, ${columnWidths[id]![0]}fr)`,
    ),
    // Of one width: every row is a grid of its own.
    ...(renderEnd ? [narrow ? 'auto' : '220px'] : []),
  ].join(' ');
  return (
    <div
      ref={box}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-multiselectable={selection !== undefined}
      {...(active >= 0 && { 'aria-activedescendant': `row-${active}` })}
      style={{ ['--columns' as string]: template }}
    >
      <Head {...props} />
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {shown.map(({ index, key, start }) => {
          const row = rows[index]!;
          return (
            <GridRow
              key={key}
              row={row}
              index={index}
              start={start}
              columns={columns.map(({ id }) => id).join()}
              definitions={table.options.columns}
              isActive={index === active}
              isPending={props.pending.has(row.id)}
              ticked={selection?.ids.has(row.id)}
              onToggle={toggle}
              onOpen={open}
              onActive={activate}
              renderEnd={renderEnd}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head({ table, selection, sort = sortDefault, onSort, renderEnd, narrow }: Props) {
  const t = useT();
  if (narrow) return null;
  const all =
    selection !== undefined && selection.ids.size > 0 && selection.ids.size === table.getRowModel().rows.length;
  const next = (field: string) => (sort === field ? `-${field}` : field);
  return (
    <div role="row" className="grid-row grid-head" aria-rowindex={1}>
      {selection && (
        <div role="columnheader">
          <input
            type="checkbox"
            className="tick"
            aria-label={t('list.select_all')}
            checked={all}
            ref={(box) => {
              if (box) box.indeterminate = !all && selection.ids.size > 0;
            }}
            onChange={() => selection.all(!all)}
          />
        </div>
      )}
      {table.getFlatHeaders().map(({ column, id }) => {
        const title = String(column.columnDef.header);
        const direction = sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : undefined;
        return (
          <div role="columnheader" key={id} {...(direction && { 'aria-sort': direction })}>
            {isSortable(id) ? (
              <UnstyledButton
                className="grid-sort"
                onClick={() => onSort(next(id))}
                title={t('list.sort_by', { field: title })}
              >
                {title}
                {direction && <Icon name={direction === 'ascending' ? 'up' : 'down'} size={13} />}
              </UnstyledButton>
            ) : (
              title
            )}
          </div>
        );
      })}
      {renderEnd && <div role="columnheader">{t('list.deleted')}</div>}
    </div>
  );
}

interface RowProps {
  readonly row: Row<Customer>;
  readonly index: number;
  readonly start: number;
  /** Only so that a row is drawn anew when columns change. */
  readonly columns: string;
  readonly definitions: unknown;
  readonly isActive: boolean;
  readonly isPending: boolean;
  readonly ticked: boolean | undefined;
  readonly onToggle: Selection['toggle'];
  readonly onOpen: (customer: Customer) => void;
  readonly onActive: (index: number) => void;
  readonly renderEnd: ((customer: Customer) => ReactNode) | undefined;
}

const GridRow = memo(
  function GridRow({
    row,
    index,
    start,
    isActive,
    isPending,
    ticked,
    onToggle,
    onOpen,
    onActive,
    renderEnd,
  }: RowProps) {
    const t = useT();
    const open = (event: MouseEvent) => {
      if ((event.target as Element).closest('button, input, label, a')) return;
      onActive(index);
      onOpen(row.original);
    };
    return (
      <div
        role="row"
        id={`row-${index}`}
        className="grid-row grid-body-row"
        aria-rowindex={index + 2}
        {...(ticked !== undefined && { 'aria-selected': ticked })}
        data-active={isActive || undefined}
        data-pending={isPending || undefined}
        style={{ transform: `translateY(${start}px)` }}
        onClick={open}
      >
        {ticked !== undefined && (
          <div role="gridcell">
            <input
              type="checkbox"
              className="tick"
              tabIndex={-1}
              aria-label={t('list.select', { name: row.original.name })}
              checked={ticked}
              onChange={() => {}}
              onClick={(event) => onToggle(row.id, event.shiftKey)}
            />
          </div>
        )}
        {row.getVisibleCells().map((cell) => (
          <div role="gridcell" key={cell.id}>
            {flexRender(cell.column.columnDef.cell, cell.getContext())}
          </div>
        ))}
        {renderEnd && <div role="gridcell">{renderEnd(row.original)}</div>}
      </div>
    );
  },
  (old, now) =>
    old.row.original === now.row.original &&
    old.index === now.index &&
    old.start === now.start &&
    old.columns === now.columns &&
    old.definitions === now.definitions &&
    old.isActive === now.isActive &&
    old.isPending === now.isPending &&
    old.ticked === now.ticked &&
    old.onOpen === now.onOpen,
);
