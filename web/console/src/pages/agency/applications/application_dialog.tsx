// SPDX-License-Identifier: Apache-2.0
// A new application without an interested service before it.
import { useNavigate } from '@tanstack/react-router';
import { CreateDialog } from '../../../components/form/create_dialog';
import type { FieldSpec } from '../../../components/form/field_spec';
import { useT } from '../../../texts/context';
import type { ServiceDefaults } from '../services/service_dialog';
import { applicationFields } from './application_fields';

const customerField: FieldSpec = { name: 'customer', label: 'agency.customer', kind: 'customers', required: true };
const productField: FieldSpec = { name: 'product', label: 'agency.product', kind: 'products', required: true };

interface Props {
  readonly defaults: ServiceDefaults;
  readonly onClose: () => void;
}

export function ApplicationDialog({ defaults, onClose }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const { partner, ...given } = defaults;
  const asked = [...(given.customer ? [] : [customerField]), ...(given.product ? [] : [productField])];
  return (
    <CreateDialog
      collection="applications"
      title={t('applications.add')}
      specs={[...asked, ...applicationFields]}
      given={{ ...given }}
      {...(partner && { filters: { product: { partner } } })}
      onClose={onClose}
      onCreated={(id) => void navigate({ to: '/applications/$id', params: { id } })}
    />
  );
}
