// SPDX-License-Identifier: Apache-2.0
// Finds records and pages by what is typed: Ctrl-K from anywhere.
import { Group, Loader, Modal, ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { client } from '../client';
import { Icon, type IconName } from '../components/icon';
import { errorText } from '../lib/error_text';
import { useMay, useSettings } from '../session/session';
import { useT, useTexts } from '../texts/context';
import { navigationFor } from './navigation';

interface Found {
  readonly to: string;
  readonly title: string;
  readonly more?: string;
  readonly icon: IconName;
}

const typingMs = 150;
const foundMax = 8;

/** What fits. The first `certain` of them fit the whole of what is typed; the others may still be for its beginning. */
function useFound(q: string) {
  const t = useT();
  const may = useMay();
  const modules = useSettings()?.modules;
  const [typed] = useDebouncedValue(q.trim(), typingMs);
  const customers = useQuery({
    queryKey: ['search', 'customers', typed],
    queryFn: ({ signal }) => client.customers.list({ q: typed, limit: foundMax }, { signal }),
    enabled: typed.length > 0 && may('customers.read'),
    placeholderData: (last) => last,
  });
  const pages: Found[] = navigationFor(may, modules)
    .flatMap((section) => section.items)
    .map(({ to, text, icon }) => ({ to, title: t(text), icon }))
    .filter(({ title }) => title.toLocaleLowerCase().includes(q.trim().toLocaleLowerCase()));
  const records: Found[] = (typed ? (customers.data?.items ?? []) : []).map((one) => ({
    to: `/customers/${one.id}`,
    title: one.name,
    more: [one.email, one.phone].filter(Boolean).join(' · '),
    icon: 'customers',
  }));
  // Pages are known at once and stand first, so that what comes later moves nothing that is there.
  const settled = typed === q.trim() && !customers.isFetching;
  return {
    found: [...pages, ...records],
    certain: settled ? Number.POSITIVE_INFINITY : pages.length,
    busy: customers.isFetching,
    error: customers.error,
  };
}

export function SearchBox({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useT();
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size="lg"
      yOffset="12vh"
      padding={0}
      centered={false}
      // Whoever types on after the shortcut finds the box there: nothing fades in, and nothing waits for a timer.
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} blur={1} />
      <Modal.Content aria-label={t('search.title')}>{opened && <SearchContent onClose={onClose} />}</Modal.Content>
    </Modal.Root>
  );
}

function SearchContent({ onClose }: { onClose: () => void }) {
  const t = useT();
  const texts = useTexts();
  const listId = useId();
  const navigate = useNavigate();
  const [q, setQ] = useState('');
  const [active, setActive] = useState(0);
  const [entered, setEntered] = useState(false);
  const { found, certain, busy, error } = useFound(q);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins at its first line
  useEffect(() => {
    setActive(0);
    setEntered(false);
  }, [q]);
  const open = (one: Found | undefined) => {
    if (!one) return;
    onClose();
    void navigate({ to: one.to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      setActive((at) => (at + step + found.length) % found.length);
    }
    if (event.key === 'Enter') setEntered(true);
  };
  // Who types fast means what belongs to the whole text, not what was found for its beginning.
  useEffect(() => {
    if (!entered || active >= certain) return;
    setEntered(false);
    open(found[active]);
  });
  return (
    <>
      <TextInput
        data-autofocus
        autoFocus
        variant="unstyled"
        size="md"
        px="md"
        py={6}
        leftSection={<Icon name="search" />}
        leftSectionWidth={48}
        rightSection={busy ? <Loader size="xs" /> : null}
        placeholder={t('search.placeholder')}
        aria-label={t('search.placeholder')}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[active] ? `${listId}-${active}` : undefined}
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <ScrollArea.Autosize mah="50vh" className="search-list">
        <div role="listbox" id={listId} aria-label={t('search.title')}>
          {found.map((one, index) => (
            <UnstyledButton
              key={one.to}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              tabIndex={-1}
              className="search-option"
              data-active={index === active}
              // A list that appears below a mouse at rest is not pointed at.
              onMouseMove={(event) => (event.movementX !== 0 || event.movementY !== 0) && setActive(index)}
              onClick={() => open(one)}
            >
              <Icon name={one.icon} />
              <div>
                <Text size="sm" fw={500}>
                  {one.title}
                </Text>
                {one.more && (
                  <Text size="xs" c="dimmed">
                    {one.more}
                  </Text>
                )}
              </div>
            </UnstyledButton>
          ))}
        </div>
        {found.length === 0 && !busy && !error && (
          <Text p="lg" c="dimmed" ta="center" size="sm">
            {t('search.none', { q })}
          </Text>
        )}
        {error && (
          <Text p="lg" c="red" ta="center" size="sm" role="alert">
            {errorText(texts, error)}
          </Text>
        )}
      </ScrollArea.Autosize>
      <Group className="search-foot" px="md" py={8}>
        <Text size="xs" c="dimmed">
          {t(q ? 'search.keys' : 'search.hint')}
        </Text>
      </Group>
    </>
  );
}
