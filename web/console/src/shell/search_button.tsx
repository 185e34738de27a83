// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Kbd, UnstyledButton } from '@mantine/core';
import { Icon } from '../components/icon';
import { useT } from '../texts/context';

/** Opens the search; a drawing only where there is no room. */
export function SearchButton({ onOpen }: { onOpen: () => void }) {
  const t = useT();
  return (
    <>
      <UnstyledButton className="search-button" onClick={onOpen} visibleFrom="sm">
        <Icon name="search" size={16} />
        <span style={{ flex: 1 }}>{t('search.open')}</span>
        <Kbd size="xs">Ctrl K</Kbd>
      </UnstyledButton>
      <ActionIcon size="lg" hiddenFrom="sm" onClick={onOpen} aria-label={t('search.open')}>
        <Icon name="search" />
      </ActionIcon>
    </>
  );
}
