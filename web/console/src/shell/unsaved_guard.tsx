// SPDX-License-Identifier: Apache-2.0
// Leaving a page where something was typed and not saved: told where a draft is kept, asked where none can be.
import { idPrefix } from '@interlock/client';
import { useUnsavedEdits } from '@interlock/react';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { tellDone } from '../lib/tell';
import { useT } from '../texts/context';
import { pageOf } from './page_of';

/** Whether a record is edited on the page of this address. */
function isEditedAt(path: string, record: string): boolean {
  return idPrefix(record) === 'settings' ? path === '/settings' : path === pageOf(record);
}

export function UnsavedGuard({ path }: { readonly path: string }) {
  const t = useT();
  const { edits, losable } = useUnsavedEdits();
  const latest = useRef(edits);
  latest.current = edits;
  const before = useRef(path);
  useEffect(() => {
    const left = before.current;
    before.current = path;
    const isKept = left !== path && latest.current.some(({ record }) => isEditedAt(left, record));
    if (isKept) tellDone(t('shell.draft_kept'));
  }, [path, t]);

  const blocked = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname,
    enableBeforeUnload: losable,
    disabled: !losable,
    withResolver: true,
  });
  const isAsking = blocked.status === 'blocked';
  return (
    <Modal
      opened={isAsking}
      onClose={() => blocked.reset?.()}
      title={t('shell.leave_question')}
      size="sm"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('shell.leave_text')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocked.reset?.()} data-autofocus>
            {t('shell.stay')}
          </Button>
          <Button color="red" onClick={() => blocked.proceed?.()}>
            {t('shell.leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
