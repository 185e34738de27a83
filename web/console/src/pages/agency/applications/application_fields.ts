// SPDX-License-Identifier: Apache-2.0
import type { FieldSpec } from '../../../components/form/field_spec';

/** What is changed of an application; its state has moves of its own. */
export const applicationFields: readonly FieldSpec[] = [
  { name: 'due_date', label: 'applications.due', kind: 'date', half: true },
  {
    name: 'partner_reference',
    label: 'applications.reference',
    kind: 'text',
    half: true,
    hint: 'applications.reference_hint',
  },
  { name: 'assigned_to', label: 'field.assigned_to', kind: 'user' },
];
