// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Message } from '../components/states';
import { useT } from '../texts/context';

/** There is nothing at this address. */
export function NotFoundPage() {
  const t = useT();
  return (
    <Message icon="search" title={t('shell.not_found')} text={t('shell.not_found_more')}>
      <Button component={Link} to="/" variant="default">
        {t('shell.to_start')}
      </Button>
    </Message>
  );
}
