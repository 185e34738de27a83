// SPDX-License-Identifier: Apache-2.0
import { Title } from '@mantine/core';
import { useT } from '../../texts/context';

export function HomePage() {
  const t = useT();
  return (
    <div className="page">
      <Title order={1}>{t('nav.home')}</Title>
    </div>
  );
}
