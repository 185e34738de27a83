// SPDX-License-Identifier: Apache-2.0
// One customer: what is known, who is in charge, what was said and done.
import type { Customer } from '@interlock/client';
import { PresenceNote, useLease, useLiveRecord, useRecordEdit } from '@interlock/react';
import { Anchor, Button, Group, Title } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Icon } from '../../../components/icon';
import { ErrorState, LoadingLines, Message } from '../../../components/states';
import { isNoId } from '../../../lib/error_text';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { CustomerActions } from './customer_actions';
import { CustomerTabs } from './customer_tabs';
import { Details } from './details';
import { StatusMenu } from './status_menu';

export function CustomerPage() {
  const t = useT();
  const { id } = useParams({ from: '/members/customers/$id' });
  const { status, record, missing, error, isPending, refresh } = useLiveRecord('customers', id);
  return (
    <div className="page">
      <Anchor component={Link} to="/customers" size="sm" className="back-link">
        <Icon name="left" size={14} />
        {t('nav.customers')}
      </Anchor>
      {record ? (
        <CustomerView key={record.id} customer={record} isPending={isPending} />
      ) : missing || isNoId(error) ? (
        <Message icon="customers" title={t('customer.missing')} text={t('customer.missing_text')}>
          <Button component={Link} to="/customers" variant="default">
            {t('customer.to_list')}
          </Button>
          <Button component={Link} to="/customers?view=trash" variant="subtle" color="gray">
            {t('customers.trash')}
          </Button>
        </Message>
      ) : status === 'failed' ? (
        <ErrorState error={error} onRetry={refresh} />
      ) : (
        <LoadingLines lines={8} />
      )}
    </div>
  );
}

function CustomerView({ customer, isPending }: { customer: Customer; isPending: boolean }) {
  const t = useT();
  const may = useMay();
  const writes = may('customers.write');
  const edit = useRecordEdit('customers', customer);
  const editing = edit.changed || edit.conflict !== undefined;
  const lease = useLease(customer.id, { hold: editing });
  useEffect(() => {
    document.title = `${customer.name} · ${t('app.name')}`;
  }, [customer.name, t]);
  return (
    <>
      <Group justify="space-between" align="flex-start" mb="xs" gap="sm" mt={6} wrap="nowrap">
        <Group gap="sm" align="center">
          <Title order={1}>{customer.name}</Title>
          <StatusMenu customer={customer} pending={isPending} />
        </Group>
        <CustomerActions customer={customer} />
      </Group>
      <PresenceNote subject={customer.id} state={editing ? 'editing' : 'viewing'} lease={lease} />
      <div className="record">
        <Details customer={customer} edit={edit} readOnly={!writes} />
        <CustomerTabs customer={customer} />
      </div>
    </>
  );
}
