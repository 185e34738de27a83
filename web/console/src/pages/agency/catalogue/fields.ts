// SPDX-License-Identifier: Apache-2.0
// What partners and products consist of.
import type { FieldSpec } from '../../../components/form/field_spec';

export const partnerFields: readonly FieldSpec[] = [
  { name: 'name', label: 'field.name', kind: 'text', required: true },
  { name: 'kind', label: 'catalogue.kind', kind: 'text', half: true },
  { name: 'contact', label: 'partners.contact', kind: 'text', half: true },
  { name: 'email', label: 'field.email', kind: 'email', half: true },
  { name: 'phone', label: 'field.phone', kind: 'phone', half: true },
  { name: 'website', label: 'partners.website', kind: 'url' },
  { name: 'address', label: 'field.address', kind: 'long' },
  { name: 'assigned_to', label: 'field.assigned_to', kind: 'user' },
  { name: 'tags', label: 'field.tags', kind: 'tags' },
  { name: 'active', label: 'catalogue.active', kind: 'flag' },
];

const productRest: readonly FieldSpec[] = [
  { name: 'kind', label: 'catalogue.kind', kind: 'text', half: true },
  { name: 'duration', label: 'products.duration', kind: 'text', half: true },
  { name: 'price_minor', label: 'products.price', kind: 'price', half: true, hint: 'products.price_hint' },
  { name: 'currency', label: 'products.currency', kind: 'currency', half: true },
  { name: 'description', label: 'products.description', kind: 'long' },
  { name: 'tags', label: 'field.tags', kind: 'tags' },
  { name: 'active', label: 'catalogue.active', kind: 'flag' },
];

const productName: FieldSpec = { name: 'name', label: 'field.name', kind: 'text', required: true };

export const productFields: readonly FieldSpec[] = [productName, ...productRest];

/** With whose it is, which is chosen once. */
export const newProductFields: readonly FieldSpec[] = [
  productName,
  { name: 'partner', label: 'agency.partner', kind: 'partners', required: true },
  ...productRest,
];
