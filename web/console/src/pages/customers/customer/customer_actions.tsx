// SPDX-License-Identifier: Apache-2.0
import type { Customer } from '@interlock/client';
import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { client } from '../../../client';
import { ConfirmModal } from '../../../components/confirm_button';
import { Icon } from '../../../components/icon';
import { tellDone } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';

/** What is done with the customer as a whole. */
export function CustomerActions({ customer }: { customer: Customer }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const [asking, { open, close }] = useDisclosure(false);
  const remove = async () => {
    await client.customers.delete(customer);
    tellDone(t('customer.deleted', { name: customer.name }));
    await navigate({ to: '/customers' });
  };
  const copy = async () => {
    await navigator.clipboard.writeText(location.href);
    tellDone(t('common.copied'));
  };
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon size="lg" variant="default" aria-label={t('common.actions')}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="copy" size={16} />} onClick={() => void copy()}>
            {t('customer.copy_link')}
          </Menu.Item>
          {may('customers.delete') && (
            <Menu.Item color="red" leftSection={<Icon name="trash" size={16} />} onClick={open}>
              {t('common.delete')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmModal
        opened={asking}
        onClose={close}
        question={t('customer.delete_question', { name: customer.name })}
        more={t('bulk.delete_text')}
        text={t('common.delete')}
        onConfirm={remove}
      />
    </>
  );
}
