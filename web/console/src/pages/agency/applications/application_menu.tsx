// SPDX-License-Identifier: Apache-2.0
import type { Application } from '@interlock/client';
import { client } from '../../../client';
import { RowMenu } from '../../../components/row_menu';
import { tellDone } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';

interface Props {
  readonly application: Application;
  readonly name: string;
  readonly variant?: 'default' | 'subtle';
  readonly onDeleted?: () => void;
}

/** Deleting gives its interested service back. */
export function ApplicationMenu({ application, name, variant, onDeleted }: Props) {
  const t = useT();
  const may = useMay();
  const remove = async () => {
    await client.applications.delete(application);
    tellDone(t('trash.moved', { name }));
    onDeleted?.();
  };
  if (!may('applications.delete')) return null;
  const more = t(application.interested_service ? 'applications.delete_text' : 'trash.text');
  return (
    <RowMenu
      name={name}
      deletion={{ question: t('applications.delete_question', { name }), more, work: remove }}
      {...(variant && { variant })}
    />
  );
}
