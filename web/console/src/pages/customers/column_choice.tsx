// SPDX-License-Identifier: Apache-2.0
// Which columns are shown; kept in this browser.
import type { Customer } from '@interlock/client';
import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { Table, VisibilityState } from '@tanstack/react-table';
import { Icon } from '../../components/icon';
import { useT } from '../../texts/context';
import { columnsDefault } from './columns';

export function useColumns() {
  return useLocalStorage<VisibilityState>({
    key: 'interlock-customer-columns',
    defaultValue: { ...columnsDefault },
    getInitialValueInEffect: false,
  });
}

export function ColumnChoice({ table }: { table: Table<Customer> }) {
  const t = useT();
  return (
    <Popover position="top-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button size="compact-xs" variant="subtle" color="gray" leftSection={<Icon name="columns" size={14} />}>
          {t('list.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={8}>
          {table
            .getAllLeafColumns()
            .filter((column) => column.getCanHide())
            .map((column) => (
              <Checkbox
                key={column.id}
                size="xs"
                label={String(column.columnDef.header)}
                checked={column.getIsVisible()}
                onChange={column.getToggleVisibilityHandler()}
              />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
