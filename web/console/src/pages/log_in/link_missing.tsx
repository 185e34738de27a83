// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useT } from '../../texts/context';
import { Entrance } from './entrance';

/** The page was opened without its link. */
export function LinkMissing() {
  const t = useT();
  return (
    <Entrance title={t('link.missing')} text={t('link.missing_text')}>
      <Button component={Link} to="/" variant="default">
        {t('log_in.to_log_in')}
      </Button>
    </Entrance>
  );
}
