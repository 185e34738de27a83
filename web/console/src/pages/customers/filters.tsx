// SPDX-License-Identifier: Apache-2.0
// Search and filters above list and board; the address keeps them.
import { Button, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../components/icon';
import { useKeys } from '../../lib/keys';
import { usePeople } from '../../lib/people';
import { useStatuses } from '../../lib/statuses';
import { useT } from '../../texts/context';
import { useCustomerSearch } from './customers_page';
import { isNarrowed } from './search';
import { TagFilter } from './tag_filter';

const typingMs = 250;

export function Filters() {
  const t = useT();
  const { search, change } = useCustomerSearch();
  const statuses = useStatuses();
  const people = usePeople();
  const box = useRef<HTMLInputElement>(null);
  const [q, setQ] = useState(search.q ?? '');
  const ask = useDebouncedCallback((text: string) => change({ q: text.trim() || undefined }), typingMs);
  // The address may be changed by others than this box: by Back, by the button below.
  useEffect(() => {
    if (document.activeElement !== box.current) setQ(search.q ?? '');
  }, [search.q]);
  useKeys({ '/': () => box.current?.focus() });
  // Somebody who has left may still be filtered by: by an old link, or from their own page.
  const active = people.active.map(({ id }) => id);
  const { assigned } = search;
  const isOther = assigned !== undefined && !['me', 'null', ...active].includes(assigned);
  const offered = isOther ? [...active, assigned] : active;
  const board = search.view === 'board';
  return (
    <Group gap="xs" mb="sm" className="filters">
      <TextInput
        ref={box}
        size="xs"
        className="filter-search"
        leftSection={<Icon name="search" size={15} />}
        placeholder={t('customers.search')}
        aria-label={t('customers.search')}
        value={q}
        onChange={(event) => {
          setQ(event.currentTarget.value);
          ask(event.currentTarget.value);
        }}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      {!board && (
        <MultiSelect
          size="xs"
          className="filter"
          placeholder={search.status ? undefined : t('filter.status')}
          aria-label={t('filter.status')}
          data={statuses.all.map(({ name }) => ({ value: name, label: statuses.label(name) }))}
          value={[...(search.status ?? [])]}
          onChange={(chosen) => change({ status: chosen.length > 0 ? chosen : undefined })}
          hidePickedOptions={false}
          comboboxProps={{ width: 200, position: 'bottom-start' }}
        />
      )}
      <Select
        size="xs"
        className="filter"
        clearable
        searchable
        placeholder={t('filter.assigned')}
        aria-label={t('filter.assigned')}
        nothingFoundMessage={t('common.nothing_found')}
        data={[
          { value: 'me', label: t('filter.me') },
          { value: 'null', label: t('filter.nobody') },
          ...offered.map((id) => ({ value: id, label: people.nameOf(id) })),
        ]}
        value={search.assigned ?? null}
        onChange={(assigned) => change({ assigned: assigned ?? undefined })}
        clearButtonProps={{ 'aria-label': t('customers.clear_filters') }}
      />
      <TagFilter value={search.tag} onChange={(tag) => change({ tag })} />
      {isNarrowed(search) && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<Icon name="close" size={14} />}
          onClick={() => {
            setQ('');
            change({ q: undefined, status: undefined, assigned: undefined, tag: undefined });
          }}
        >
          {t('customers.clear_filters')}
        </Button>
      )}
    </Group>
  );
}
