// SPDX-License-Identifier: Apache-2.0
// What may be chosen, by what the browser knows, in its user's language.

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Codes of ISO 3166-1, without the names: those come from the browser. */
const countryCodes =
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW';

/** A list with what is chosen already, whether or not this browser knows it. */
export const withOwn = (choices: readonly Choice[], value: string): Choice[] =>
  value && !choices.some((one) => one.value === value) ? [...choices, { value, label: value }] : [...choices];

const byLabel = (a: Choice, b: Choice) => a.label.localeCompare(b.label);

/** Browsers before 2022 tell nothing: then what is set stays offered, and nothing else. */
const supported = (key: 'timeZone' | 'currency'): string[] =>
  typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf(key) : [];

export function zonesOf(): Choice[] {
  return supported('timeZone').map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}

export function currenciesOf(language: string): Choice[] {
  const names = new Intl.DisplayNames(language, { type: 'currency' });
  return supported('currency')
    .map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }))
    .sort(byLabel);
}

export function countriesOf(language: string): Choice[] {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  return countryCodes
    .split(' ')
    .map((code) => ({ value: code, label: names.of(code) ?? code }))
    .sort(byLabel);
}

/** What a language is called in another one, within a sentence; a tag that the browser does not know is its own name. */
export function languageName(shownIn: string, tag: string): string {
  try {
    return new Intl.DisplayNames(shownIn, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag; // a RangeError: no tag at all
  }
}
