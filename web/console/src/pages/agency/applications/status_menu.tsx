// SPDX-License-Identifier: Apache-2.0
// The state of an application, and the moves that are allowed from it.
import type { Application } from '@interlock/client';
import { Menu, UnstyledButton } from '@mantine/core';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { useAction } from '../../../lib/action';
import { settleOrQueue } from '../../../lib/perform';
import { tellError } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT, useTexts } from '../../../texts/context';
import { ApplicationStatus, type ApplicationStatusName, applicationMoves } from '../status';

export function ApplicationStatusMenu({ application, pending }: { application: Application; pending: boolean }) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const move = useAction(async (status: ApplicationStatusName) => {
    const request = { id: application.id, status, expected_status: application.status };
    try {
      await settleOrQueue(await client.perform('applications/set-status', request, { optimistic: { status } }));
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  const badge = <ApplicationStatus status={application.status} />;
  if (!may('applications.write')) return badge;
  const name = t(`status.applications.${application.status}`);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton
          className="status-button"
          data-pending={pending || undefined}
          disabled={move.busy}
          aria-label={`${t('field.status')}: ${name}${pending ? `. ${t('common.pending')}` : ''}`}
        >
          {badge}
          <Icon name="down" size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('customer.move_to')}</Menu.Label>
        {applicationMoves[application.status].map((status) => (
          <Menu.Item key={status} onClick={() => void move.run(status)}>
            <ApplicationStatus status={status} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
