// SPDX-License-Identifier: Apache-2.0
// Stands in for a page whose module is off: says so, and who switches it on, and where.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Message } from '../components/states';
import { useMay, useSettings } from '../session/session';
import { useT } from '../texts/context';
import { moduleOf } from './navigation';

export function ModuleGate({ path, children }: { path: string; children: ReactNode }) {
  const t = useT();
  const may = useMay();
  const settings = useSettings();
  const module = moduleOf(path);
  if (!module || !settings || settings.modules.includes(module)) return children;
  const mayChange = may('settings.write');
  const part = t(`module.${module}`);
  return (
    <Message
      icon="settings"
      title={t('shell.module_off')}
      text={mayChange ? t('shell.module_off_switch', { part }) : t('shell.module_off_ask', { part })}
    >
      {mayChange && (
        <Button component={Link} to="/settings">
          {t('shell.to_settings')}
        </Button>
      )}
    </Message>
  );
}
