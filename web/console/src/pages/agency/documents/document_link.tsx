// SPDX-License-Identifier: Apache-2.0
import type { Document } from '@interlock/client';
import { Anchor } from '@mantine/core';
import { useT } from '../../../texts/context';
import { addressOf } from './address';

/** Opens a document in a tab of its own. */
export function DocumentLink({ document }: { document: Document }) {
  const t = useT();
  return (
    <Anchor
      href={addressOf(document)}
      target="_blank"
      rel="noopener"
      size="sm"
      aria-label={t('documents.open', { name: document.name })}
    >
      {t('common.view')}
    </Anchor>
  );
}
