// SPDX-License-Identifier: Apache-2.0
// Texts in one language, with the tenant's own words for things.
import { type Language, languages } from './area';
import { catalogue, type TextKey } from './catalogue';

export type { Language } from './area';
export { languages } from './area';
export type { TextKey } from './catalogue';

/** What stands for the placeholders of a text. */
export type Values = Readonly<Record<string, string | number>>;

/** What a tenant calls its things: one and many of each. */
export interface Labels {
  readonly customer: string;
  readonly customers: string;
}

const defaultLabels: Record<Language, Labels> = {
  en: { customer: 'customer', customers: 'customers' },
  es: { customer: 'cliente', customers: 'clientes' },
};

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

const mainTag = (tag: string | undefined) => (tag ?? '').toLowerCase().split('-')[0];

/** The language that ships for a BCP 47 tag: `es-MX` is `es`, what does not ship is English. */
export function languageOf(tag: string | undefined): Language {
  return languages.find((one) => one === mainTag(tag)) ?? 'en';
}

/** Whether two tags name the same language, wherever it is spoken. */
export function isSameLanguage(a: string | undefined, b: string | undefined): boolean {
  return mainTag(a) === mainTag(b);
}

/** The usual words of a language; undefined for one that does not ship. */
export function usualLabelsOf(tag: string | undefined): Labels | undefined {
  const language = languages.find((one) => one === mainTag(tag));
  return language && defaultLabels[language];
}

/**
 * The labels of a tenant's settings (`{"customer":"client","customers":"clients"}`), filled up with the usual words. They
 * are words of the tenant's language: whoever reads another one gets the usual words of that.
 */
export function labelsOf(language: Language, tenantLanguage: string | undefined, settings: unknown): Labels {
  const usual = defaultLabels[language];
  if (typeof settings !== 'object' || settings === null || !isSameLanguage(tenantLanguage, language)) return usual;
  const own = settings as Record<string, unknown>;
  const text = (name: string) => (typeof own[name] === 'string' && own[name].trim() ? own[name].trim() : undefined);
  const customer = text('customer');
  return {
    customer: customer ?? usual.customer,
    customers: text('customers') ?? (customer ? `${customer}s` : usual.customers),
  };
}

/** Texts in one language. */
export class Texts {
  readonly #labels: Values;
  readonly #plurals: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;

  constructor(
    readonly language: Language,
    labels: Labels = defaultLabels[language],
  ) {
    const { customer, customers } = labels;
    this.#labels = { customer, customers, Customer: capital(customer), Customers: capital(customers) };
    this.#plurals = new Intl.PluralRules(language);
    this.#numbers = new Intl.NumberFormat(language);
  }

  /** The text of a key. */
  get(key: TextKey, values: Values = {}): string {
    return catalogue[key][this.language].replace(/\{(\w+)\}/g, (all, name: string) => {
      const value = values[name] ?? this.#labels[name];
      return typeof value === 'number' ? this.#numbers.format(value) : (value ?? all);
    });
  }

  /** One of two texts by a number: `key` with `.one` or `.other`. */
  count<K extends string>(key: K & PluralKey, n: number, values: Values = {}): string {
    const form = this.#plurals.select(n) === 'one' ? 'one' : 'other';
    return this.get(`${key}.${form}` as TextKey, { n, ...values });
  }

  /** Whether a key exists; for keys that are put together from what the server sends. */
  static has(key: string): key is TextKey {
    return Object.hasOwn(catalogue, key);
  }
}

type PluralKey = TextKey extends infer K ? (K extends `${infer Stem}.other` ? Stem : never) : never;
