// SPDX-License-Identifier: Apache-2.0
// The statuses of customers: kinds, order, allowed moves.
import type { Status } from '@interlock/client';
import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../client';
import { ConfirmModal } from '../../components/confirm_button';
import { Icon } from '../../components/icon';
import { LoadingLines } from '../../components/states';
import { StatusBadge } from '../../components/status_badge';
import { useStatuses } from '../../lib/statuses';
import { useMay } from '../../session/session';
import { useT } from '../../texts/context';
import { Section } from './settings_page';
import { StatusDialog } from './status_dialog';

type Dialog = { readonly kind: 'new' } | { readonly kind: 'edit' | 'delete'; readonly status: Status };

export function StatusSettings() {
  const t = useT();
  const may = useMay();
  const statuses = useStatuses();
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const writes = may('statuses.write');
  return (
    <Section title={t('settings.statuses')} text={t('settings.statuses_text')}>
      {statuses.loading && <LoadingLines lines={4} />}
      <Stack gap={0} component="ul" className="plain-list status-list">
        {statuses.all.map((status) => {
          const label = statuses.label(status.name);
          return (
            <li key={status.id}>
              <Group wrap="nowrap" gap="sm">
                <Group gap="sm" flex={1} miw={0}>
                  <StatusBadge name={status.name} statuses={statuses} />
                  <Text size="xs" c="dimmed">
                    {t(`status_type.${status.type}`)}
                    {status.moves.length > 0 && ` → ${status.moves.map((name) => statuses.label(name)).join(', ')}`}
                  </Text>
                </Group>
                {writes && (
                  <ActionIcon
                    aria-label={`${t('common.edit')}: ${label}`}
                    onClick={() => setDialog({ kind: 'edit', status })}
                  >
                    <Icon name="edit" size={16} />
                  </ActionIcon>
                )}
                {may('statuses.delete') && (
                  <ActionIcon
                    aria-label={`${t('common.delete')}: ${label}`}
                    onClick={() => setDialog({ kind: 'delete', status })}
                  >
                    <Icon name="trash" size={16} />
                  </ActionIcon>
                )}
              </Group>
            </li>
          );
        })}
      </Stack>
      {writes && (
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="plus" size={15} />}
            onClick={() => setDialog({ kind: 'new' })}
          >
            {t('settings.status_new')}
          </Button>
        </Group>
      )}
      {dialog?.kind === 'new' && <StatusDialog onClose={close} />}
      {dialog?.kind === 'edit' && <StatusDialog status={dialog.status} onClose={close} />}
      {dialog?.kind === 'delete' && (
        <ConfirmModal
          opened
          onClose={close}
          question={t('settings.status_delete', { name: statuses.label(dialog.status.name) })}
          text={t('common.delete')}
          onConfirm={() => client.statuses.delete(dialog.status)}
        />
      )}
    </Section>
  );
}
