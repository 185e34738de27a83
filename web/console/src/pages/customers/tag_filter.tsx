// SPDX-License-Identifier: Apache-2.0
import { Autocomplete } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Icon } from '../../components/icon';
import { useT } from '../../texts/context';
import { useKnownTags } from './known_tags';

interface Props {
  readonly value: string | undefined;
  readonly onChange: (tag: string | undefined) => void;
}

/** One tag, typed or chosen from those that are in use. */
export function TagFilter({ value, onChange }: Props) {
  const t = useT();
  const [entered, setEntered] = useState(false);
  const tags = useKnownTags(entered);
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  const done = (text: string) => onChange(text.trim() || undefined);
  return (
    <Autocomplete
      size="xs"
      className="filter"
      leftSection={<Icon name="tag" size={14} />}
      placeholder={t('filter.tag')}
      aria-label={t('filter.tag')}
      data={tags}
      value={typed}
      onChange={setTyped}
      onOptionSubmit={done}
      onKeyDown={(event) => event.key === 'Enter' && done(typed)}
      onFocus={() => setEntered(true)}
      onBlur={() => typed.trim() !== (value ?? '') && done(typed)}
      clearable
      onClear={() => onChange(undefined)}
      clearButtonProps={{ 'aria-label': t('customers.clear_filters') }}
    />
  );
}
