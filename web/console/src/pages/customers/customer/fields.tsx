// SPDX-License-Identifier: Apache-2.0
// How the fields of a customer are called and shown wherever changes are compared.
import type { Customer } from '@interlock/client';
import type { FieldViews } from '@interlock/react';
import { useMemo } from 'react';
import { usePeople } from '../../../lib/people';
import { useStatuses } from '../../../lib/statuses';
import { useT } from '../../../texts/context';

export function useCustomerFields(): FieldViews<Customer> {
  const t = useT();
  const statuses = useStatuses();
  const people = usePeople();
  return useMemo(
    () => ({
      name: { label: t('field.name') },
      email: { label: t('field.email') },
      phone: { label: t('field.phone') },
      status: { label: t('field.status'), format: (name) => statuses.label(name) },
      assigned_to: {
        label: t('field.assigned_to'),
        format: (id) => people.nameOf(id),
        edit: ({ id, value, label, onChange }) => (
          <select
            id={id}
            className="il-input"
            aria-label={label}
            value={value ?? ''}
            onChange={(event) => onChange(event.target.value || null)}
          >
            <option value="">{t('common.nobody')}</option>
            {people.active.map((user) => (
              <option key={user.id} value={user.id}>
                {user.name}
              </option>
            ))}
          </select>
        ),
      },
      tags: { label: t('field.tags') },
      address: { label: t('field.address') },
    }),
    [t, statuses, people],
  );
}
