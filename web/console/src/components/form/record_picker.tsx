// SPDX-License-Identifier: Apache-2.0
// Chooses one record of many: the server searches.
import { Loader, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../client';
import { useById } from '../../lib/live_many';
import { useT } from '../../texts/context';

export type Pickable = 'customers' | 'partners' | 'products';

interface Props {
  readonly collection: Pickable;
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  /** Only those for which these fields have these values. */
  readonly filter?: Readonly<Record<string, string>> | undefined;
  readonly required?: boolean | undefined;
  readonly readOnly?: boolean | undefined;
  readonly description?: string | undefined;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean | undefined;
}

const foundMax = 30;
const typingMs = 200;

interface Found {
  readonly id: string;
  readonly name: string;
  readonly partner?: string;
  readonly email?: string;
  readonly kind?: string;
}

export function RecordPicker({ collection, value, onChange, filter = {}, autoFocus, ...shown }: Props) {
  const t = useT();
  const [text, setText] = useState('');
  const chosen = useById(collection, [value]).find(value);
  const typed = chosen && text === chosen.name ? '' : text.trim();
  const [q] = useDebouncedValue(typed, typingMs);
  const found = useQuery({
    queryKey: ['pick', collection, q, filter],
    queryFn: async ({ signal }) => {
      const query = { ...filter, limit: foundMax, sort: 'name', ...(q && { q }) };
      const { items } = await client.collection(collection).list(query as never, { signal });
      return items as readonly Found[];
    },
    placeholderData: (before) => before,
    enabled: !shown.readOnly,
  });
  const items = found.data ?? [];
  const partners = useById('partners', collection === 'products' ? items.map(({ partner }) => partner) : []);
  const moreOf = (one: Found | undefined) =>
    collection === 'products' ? partners.find(one?.partner)?.name : collection === 'customers' ? one?.email : one?.kind;
  const all = chosen && !items.some(({ id }) => id === value) ? [chosen as Found, ...items] : items;
  return (
    <Select
      {...shown}
      {...(autoFocus && { 'data-autofocus': true })}
      withAsterisk={false}
      searchable
      clearable={!shown.required && !shown.readOnly}
      placeholder={t('pick.placeholder')}
      nothingFoundMessage={found.isError ? t('error.load') : t('common.nothing_found')}
      data={all.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      maxDropdownHeight={280}
      renderOption={({ option }) => {
        const more = moreOf(all.find(({ id }) => id === option.value));
        return (
          <div>
            <Text size="sm">{option.label}</Text>
            {more && (
              <Text size="xs" c="dimmed">
                {more}
              </Text>
            )}
          </div>
        );
      }}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
