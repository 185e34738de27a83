// SPDX-License-Identifier: Apache-2.0
// What can be done with the ticked customers; appears with the first tick.
import type { Customer } from '@interlock/client';
import { ActionIcon, Button, Group, Menu, Paper, ScrollArea, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { client } from '../../../client';
import { Icon, type IconName } from '../../../components/icon';
import { usePeople } from '../../../lib/people';
import { useStatuses } from '../../../lib/statuses';
import { useMay } from '../../../session/session';
import { useT, useTexts } from '../../../texts/context';
import { type BulkChange, type BulkPlan, planBulk } from './bulk';
import { BulkDialog } from './bulk_dialog';

interface Props {
  readonly customers: readonly Customer[];
  readonly onClear: () => void;
}

export function BulkBar({ customers, onClear }: Props) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const statuses = useStatuses();
  const people = usePeople();
  const [plan, setPlan] = useState<{ plan: BulkPlan; ask: boolean }>();
  const begin = (change: BulkChange) =>
    setPlan({ plan: planBulk(customers, change, () => client.newKey()), ask: change.kind === 'delete' });
  return (
    <>
      <Paper
        className="bulk-bar"
        shadow="md"
        p="xs"
        role="toolbar"
        aria-label={texts.count('bulk.selected', customers.length)}
      >
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" fw={600} px={6} role="status" style={{ whiteSpace: 'nowrap' }}>
            {texts.count('bulk.selected', customers.length)}
          </Text>
          {may('customers.write') && (
            <>
              <BulkMenu icon="board" text={t('bulk.status')}>
                {statuses.all.map(({ name }) => (
                  <Menu.Item key={name} onClick={() => begin({ kind: 'status', status: name })}>
                    {statuses.label(name)}
                  </Menu.Item>
                ))}
              </BulkMenu>
              <BulkMenu icon="user" text={t('bulk.assign')}>
                <Menu.Item onClick={() => begin({ kind: 'assign', user: null })}>{t('common.nobody')}</Menu.Item>
                {people.active.map(({ id, name }) => (
                  <Menu.Item key={id} onClick={() => begin({ kind: 'assign', user: id })}>
                    {name}
                  </Menu.Item>
                ))}
              </BulkMenu>
              <TagMenu customers={customers} onChoose={begin} />
            </>
          )}
          {may('customers.delete') && (
            <Button
              size="xs"
              variant="subtle"
              color="red"
              leftSection={<Icon name="trash" size={15} />}
              onClick={() => begin({ kind: 'delete' })}
            >
              {t('bulk.delete')}
            </Button>
          )}
          <ActionIcon onClick={onClear} aria-label={t('bulk.clear')}>
            <Icon name="close" size={16} />
          </ActionIcon>
        </Group>
      </Paper>
      {plan && (
        <BulkDialog
          plan={plan.plan}
          ask={plan.ask}
          onClose={(finished) => {
            setPlan(undefined);
            if (finished) onClear();
          }}
        />
      )}
    </>
  );
}

function BulkMenu({ icon, text, children }: { icon: IconName; text: string; children: ReactNode }) {
  return (
    <Menu position="top" width={220}>
      <Menu.Target>
        <Button size="xs" variant="subtle" color="gray" leftSection={<Icon name={icon} size={15} />}>
          {text}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={320}>{children}</ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}

function TagMenu({ customers, onChoose }: { customers: readonly Customer[]; onChoose: (change: BulkChange) => void }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const tag = typed.trim();
  const present = [...new Set(customers.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));
  return (
    <BulkMenu icon="tag" text={t('bulk.tag')}>
      <TextInput
        size="xs"
        p={6}
        placeholder={t('bulk.tag_name')}
        aria-label={t('bulk.tag_name')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter' && tag) onChoose({ kind: 'tag', tag });
        }}
      />
      {tag && <Menu.Item onClick={() => onChoose({ kind: 'tag', tag })}>{t('bulk.tag_add', { tag })}</Menu.Item>}
      {present.map((one) => (
        <Menu.Item key={one} onClick={() => onChoose({ kind: 'untag', tag: one })}>
          {t('bulk.tag_remove', { tag: one })}
        </Menu.Item>
      ))}
    </BulkMenu>
  );
}
