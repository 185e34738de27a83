// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue } from './catalogue';
import { libraryTextsOf } from './library';
import { labelsOf, languageOf, Texts } from './texts';

/** A tenant's words stand in one language in the singular and in another in the plural. */
const word = (name: string) => name.toLowerCase().replace(/^customers$/, 'customer');
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => word(name!)).sort();

describe('texts', () => {
  test('every text has the same placeholders in every language', () => {
    for (const [key, { en, es }] of Object.entries(catalogue)) expect(placeholders(es), key).toEqual(placeholders(en));
  });

  test('no text stands twice: the second would take the place of the first', () => {
    const files = readdirSync(__dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const keys = files.flatMap((name) =>
      [...readFileSync(`${__dirname}/${name}`, 'utf8').matchAll(/^ {2}'([\w.-]+)': \{/gm)].map(([, key]) => key),
    );
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  test('a tenant calls its customers what it wants', () => {
    const own = new Texts('en', labelsOf('en', 'en-GB', { customer: 'client' }));
    expect(own.get('nav.customers')).toBe('Clients');
    expect(new Texts('es').get('nav.customers')).toBe('Clientes');
  });

  test('a tenant’s words are of its language; who reads another one gets the usual words of that', () => {
    const labels = { customer: 'client', customers: 'clients' };
    expect(labelsOf('es', 'en', labels)).toEqual({ customer: 'cliente', customers: 'clientes' });
    expect(labelsOf('es', 'es-MX', { customer: 'socio' })).toEqual({ customer: 'socio', customers: 'socios' });
    expect(labelsOf('en', 'es-MX', { customer: 'socio' })).toEqual({ customer: 'customer', customers: 'customers' });
    // Shown in English since French does not ship: a French word stands in no English sentence.
    expect(labelsOf('en', 'fr', { customer: 'client' })).toEqual({ customer: 'customer', customers: 'customers' });
  });

  test('actions that wait are named with the tenant’s word', () => {
    const own = libraryTextsOf(new Texts('en', labelsOf('en', 'en', { customer: 'client' })));
    expect(own.collections.customers).toBe('client');
    expect(own.operations['customers/redact']).toBe('Redact client');
    expect(own.collections.comments).toBe('comment');
    expect(libraryTextsOf(new Texts('es')).operations['customers/redact']).toBe('Anonimizar cliente');
  });

  test('numbers and missing values', () => {
    expect(new Texts('en').get('bulk.done', { n: 1234 })).toBe('1,234 done');
    expect(new Texts('en').get('bulk.done')).toBe('{n} done');
  });

  test('a language that does not ship is English', () => {
    expect([languageOf('es-MX'), languageOf('de'), languageOf(undefined)]).toEqual(['es', 'en', 'en']);
  });
});
