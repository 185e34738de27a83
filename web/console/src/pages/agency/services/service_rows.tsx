// SPDX-License-Identifier: Apache-2.0
// Interested services as lines, on whatever page: each with its conversion.
import type { InterestedService } from '@interlock/client';
import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { RowMenu } from '../../../components/row_menu';
import { Row, Rows } from '../../../components/rows';
import { useDays } from '../../../lib/days';
import { tellDone } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { ConversionMessage, ConvertButton } from '../conversion/conversion';
import { useConversion } from '../conversion/use_conversion';
import { type Names, useNames } from '../names';
import { ServiceStatus } from '../status';
import { ServiceDialog } from './service_dialog';

/** What the page itself names already. */
export type Hidden = 'customer' | 'product' | 'partner';

interface Props {
  readonly items: readonly InterestedService[];
  readonly pending: ReadonlySet<string>;
  readonly hide?: Hidden | undefined;
  /** Loads the list anew; rejects if that does not work. */
  readonly refresh: () => Promise<unknown>;
}

export function ServiceRows({ items, pending, hide, refresh }: Props) {
  const t = useT();
  const names = useNames(items);
  const [edited, setEdited] = useState<InterestedService>();
  return (
    <>
      <Rows label={t('services.title')}>
        {items.map((service) => (
          <ServiceRow
            key={service.id}
            {...{ service, names, hide, refresh }}
            pending={pending.has(service.id)}
            onEdit={() => setEdited(service)}
          />
        ))}
      </Rows>
      {edited && <ServiceDialog service={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}

interface RowProps {
  readonly service: InterestedService;
  readonly names: Names;
  readonly pending: boolean;
  readonly hide: Hidden | undefined;
  readonly refresh: () => Promise<unknown>;
  readonly onEdit: () => void;
}

function ServiceRow({ service, names, pending, hide, refresh, onEdit }: RowProps) {
  const days = useDays();
  const conversion = useConversion(service, refresh);
  const product = names.product(service.product);
  const customer = (
    <Link to="/customers/$id" params={{ id: service.customer }} className="text-link">
      {names.customer(service.customer)}
    </Link>
  );
  return (
    <Row
      title={hide === 'product' ? names.customer(service.customer) : product}
      to={`/services/${service.id}`}
      facts={[
        hide !== 'customer' && hide !== 'product' ? customer : undefined,
        hide !== 'partner' ? names.partner(service.partner) : undefined,
        days.span(service.expected_start, service.expected_end),
      ]}
      note={service.note}
      pending={pending}
      below={<ConversionMessage service={service} conversion={conversion} />}
    >
      <ServiceStatus status={service.status} />
      <div className="row-action">
        <ConvertButton service={service} conversion={conversion} />
      </div>
      <ServiceMenu service={service} name={product} onEdit={onEdit} />
    </Row>
  );
}

interface MenuProps {
  readonly service: InterestedService;
  readonly name: string;
  readonly variant?: 'default' | 'subtle';
  readonly onEdit?: () => void;
  readonly onDeleted?: () => void;
}

/** View, edit, delete; what has become an application cannot be deleted. */
export function ServiceMenu({ service, name, variant, onEdit, onDeleted }: MenuProps) {
  const t = useT();
  const may = useMay();
  const deletes = may('interested-services.delete') && service.status === 'draft';
  const remove = async () => {
    await client['interested-services'].delete(service);
    tellDone(t('trash.moved', { name }));
    onDeleted?.();
  };
  const deletion = deletes
    ? { question: t('services.delete_question', { name }), more: t('trash.text'), work: remove }
    : undefined;
  return (
    <RowMenu name={name} deletion={deletion} {...(variant && { variant })}>
      {onEdit && (
        <Menu.Item component={Link} to={`/services/${service.id}`} leftSection={<Icon name="eye" size={16} />}>
          {t('common.view')}
        </Menu.Item>
      )}
      {onEdit && may('interested-services.write') && (
        <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={onEdit}>
          {t('common.edit')}
        </Menu.Item>
      )}
    </RowMenu>
  );
}
