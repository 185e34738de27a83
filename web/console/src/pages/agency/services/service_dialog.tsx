// SPDX-License-Identifier: Apache-2.0
// A new interested service, or a change of one.
import type { InterestedService } from '@interlock/client';
import { CreateDialog } from '../../../components/form/create_dialog';
import { EditDialog } from '../../../components/form/edit_dialog';
import type { FieldSpec } from '../../../components/form/field_spec';
import { useT } from '../../../texts/context';

/** To what a new one belongs: some of it is chosen in the form. */
export interface ServiceDefaults {
  readonly customer?: string;
  readonly product?: string;
  /** Only this partner's products are offered. */
  readonly partner?: string;
}

const customerField: FieldSpec = { name: 'customer', label: 'agency.customer', kind: 'customers', required: true };
const productField: FieldSpec = { name: 'product', label: 'agency.product', kind: 'products', required: true };

const rest: readonly FieldSpec[] = [
  { name: 'expected_start', label: 'services.start', kind: 'date', half: true },
  { name: 'expected_end', label: 'services.end', kind: 'date', half: true },
  { name: 'note', label: 'services.note', kind: 'long' },
];

const draftFields = [productField, ...rest];
const convertedFields = [{ ...productField, fixed: true }, ...rest];

/** What may be changed: the product, as long as nothing was applied for. */
export function serviceFields({ status }: InterestedService): readonly FieldSpec[] {
  return status === 'draft' ? draftFields : convertedFields;
}

interface Props {
  readonly service?: InterestedService;
  readonly defaults?: ServiceDefaults | undefined;
  readonly onClose: () => void;
}

export function ServiceDialog({ service, defaults = {}, onClose }: Props) {
  const t = useT();
  if (service) {
    return (
      <EditDialog
        collection="interested-services"
        record={service}
        specs={serviceFields(service)}
        title={t('services.edit')}
        onClose={onClose}
      />
    );
  }
  const { partner, ...given } = defaults;
  const asked = [...(given.customer ? [] : [customerField]), ...(given.product ? [] : [productField])];
  return (
    <CreateDialog
      collection="interested-services"
      title={t('services.add')}
      specs={[...asked, ...rest]}
      given={{ ...given }}
      {...(partner && { filters: { product: { partner } } })}
      onClose={onClose}
    />
  );
}
