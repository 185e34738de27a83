// SPDX-License-Identifier: Apache-2.0
// The frame of a list's page: title, trash, search, filters, and the way to a new record.
import { Button, Group, Paper, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeys } from '../lib/keys';
import { useListSearch } from '../lib/list_search';
import { useT } from '../texts/context';
import { Icon } from './icon';
import { PageHead } from './page_head';

interface Props {
  readonly title: string;
  readonly text?: string;
  /** What the search box says; without it the list is not searched. */
  readonly searchText?: string;
  readonly newText?: string;
  readonly onNew?: (() => void) | undefined;
  readonly filters?: ReactNode;
  readonly children: ReactNode;
}

const typingMs = 250;

export function ListPage({ title, text, searchText, newText, onNew, filters, children }: Props) {
  const t = useT();
  const { search, change } = useListSearch();
  useKeys({ n: () => (onNew ? onNew() : false) });
  const trash = search.view === 'trash';
  return (
    <div className="page">
      <PageHead title={title} text={trash ? t('customers.trash_text') : text}>
        <SegmentedControl
          size="xs"
          aria-label={title}
          value={trash ? 'trash' : 'list'}
          onChange={(view) => change({ view: view === 'trash' ? 'trash' : undefined })}
          data={[
            { value: 'list', label: t('customers.list') },
            { value: 'trash', label: t('customers.trash') },
          ]}
        />
        {onNew && (
          <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={onNew}>
            {newText}
          </Button>
        )}
      </PageHead>
      {!trash && (searchText || filters) && (
        <Group gap="xs" mb="sm" className="filters">
          {searchText && <SearchInput text={searchText} value={search.q ?? ''} onChange={(q) => change({ q })} />}
          {filters}
        </Group>
      )}
      <Paper className="list-card">{children}</Paper>
    </div>
  );
}

interface SearchProps {
  readonly text: string;
  readonly value: string;
  readonly onChange: (q: string | undefined) => void;
}

function SearchInput({ text, value, onChange }: SearchProps) {
  const box = useRef<HTMLInputElement>(null);
  const [q, setQ] = useState(value);
  const ask = useDebouncedCallback((typed: string) => onChange(typed.trim() || undefined), typingMs);
  useEffect(() => {
    if (document.activeElement !== box.current) setQ(value);
  }, [value]);
  useKeys({ '/': () => box.current?.focus() });
  return (
    <TextInput
      ref={box}
      size="xs"
      className="filter-search"
      leftSection={<Icon name="search" size={15} />}
      placeholder={text}
      aria-label={text}
      value={q}
      onChange={(event) => {
        setQ(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  );
}
