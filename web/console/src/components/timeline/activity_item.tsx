// SPDX-License-Identifier: Apache-2.0
import type { Activity } from '@interlock/client';
import { useFormat, useNameOf } from '@interlock/react';
import { ActionIcon, Group, Menu, Text, ThemeIcon, Tooltip } from '@mantine/core';
import { client } from '../../client';
import { useAction } from '../../lib/action';
import { settleOrQueue } from '../../lib/perform';
import { tellError } from '../../lib/tell';
import { useMay } from '../../session/session';
import { useT, useTexts } from '../../texts/context';
import { type TextKey, Texts } from '../../texts/texts';
import { Icon, type IconName } from '../icon';

const icons: Readonly<Record<string, IconName>> = {
  call: 'phone',
  email: 'mail',
  meeting: 'customers',
  note: 'comment',
  conversion: 'check',
  reminder: 'clock',
};

/** How a kind is called: the usual ones in the user's language, own ones as they are. */
export function useKindLabel(): (kind: string) => string {
  const t = useT();
  return (kind) => (Texts.has(`activity.${kind}`) ? t(`activity.${kind}` as TextKey) : kind);
}

export function ActivityItem({ activity, pending }: { activity: Activity; pending: boolean }) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const format = useFormat();
  const nameOf = useNameOf();
  const kindLabel = useKindLabel();
  const run = useAction(async (what: 'pin' | 'unpin' | 'delete') => {
    try {
      const action =
        what === 'delete'
          ? await client.perform('activities/delete', {}, { base: activity })
          : await client.perform(`activities/${what}`, { id: activity.id }, { optimistic: { pinned: what === 'pin' } });
      await settleOrQueue(action);
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  const pinText = t(activity.pinned ? 'timeline.unpin' : 'timeline.pin');
  return (
    <li className="timeline-item" data-pending={pending || undefined}>
      <ThemeIcon variant="light" color={activity.pinned ? 'orange' : 'gray'} radius="xl" size={28}>
        <Icon name={icons[activity.kind] ?? 'clock'} size={15} />
      </ThemeIcon>
      <div className="timeline-body">
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {kindLabel(activity.kind)}
          </Text>
          <Text size="xs" c="dimmed">
            {nameOf(activity.created_by)} · <time dateTime={activity.at}>{format.dateTime(activity.at)}</time>
            {pending && ` · ${t('common.pending')}`}
          </Text>
        </Group>
        <Text size="sm" className="own-lines">
          {activity.text}
        </Text>
      </div>
      {may('activities.write') && (
        <Group gap={2} wrap="nowrap" className="timeline-actions">
          <Tooltip label={pinText}>
            <ActionIcon
              aria-label={pinText}
              aria-pressed={activity.pinned}
              color={activity.pinned ? 'orange' : 'gray'}
              disabled={run.busy}
              onClick={() => void run.run(activity.pinned ? 'unpin' : 'pin')}
            >
              <Icon name="pin" size={16} />
            </ActionIcon>
          </Tooltip>
          <Menu>
            <Menu.Target>
              <ActionIcon aria-label={t('common.actions')}>
                <Icon name="more" size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                color="red"
                leftSection={<Icon name="trash" size={16} />}
                onClick={() => void run.run('delete')}
              >
                {t('common.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
    </li>
  );
}
