// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { useOnline } from '../hooks/use_online.js';
import { useTexts } from '../provider.js';
import { Icon, Spinner } from './icons.js';

/** Something is on its way, or will be once there is a network: nothing turns where nothing can come. */
export function LoadingNote(): ReactNode {
  const texts = useTexts();
  const online = useOnline();
  return (
    <p className="il-loading" role={online ? undefined : 'status'}>
      {online ? <Spinner /> : <Icon name="offline" />} {online ? texts.loading : texts.notHereYet}
    </p>
  );
}
