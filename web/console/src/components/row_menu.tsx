// SPDX-License-Identifier: Apache-2.0
// What can be done with one line or one page, behind three dots; deleting asks first.
import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useT } from '../texts/context';
import { ConfirmModal } from './confirm_button';
import { Icon } from './icon';

interface Props {
  /** Of what: read aloud. */
  readonly name: string;
  readonly variant?: 'default' | 'subtle';
  readonly deletion?:
    | { readonly question: string; readonly more: string; readonly work: () => Promise<unknown> }
    | undefined;
  readonly children?: ReactNode;
}

export function RowMenu({ name, variant = 'subtle', deletion, children }: Props) {
  const t = useT();
  const [asking, { open, close }] = useDisclosure(false);
  if (!deletion && !children) return null;
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon
            variant={variant}
            size={variant === 'default' ? 'lg' : 'md'}
            aria-label={`${t('common.actions')}: ${name}`}
          >
            <Icon name="more" size={variant === 'default' ? 18 : 16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {children}
          {deletion && (
            <Menu.Item color="red" leftSection={<Icon name="trash" size={16} />} onClick={open}>
              {t('common.delete')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {deletion && (
        <ConfirmModal
          opened={asking}
          onClose={close}
          question={deletion.question}
          more={deletion.more}
          text={t('common.delete')}
          onConfirm={deletion.work}
        />
      )}
    </>
  );
}
