// SPDX-License-Identifier: Apache-2.0
import { ConnectionLost, Discarded, Refusal, StorageFailed, TimedOut, UnexpectedAnswer } from '@interlock/client';
import { describe, expect, test } from 'vitest';
import { currencyDigits, describeProblem, english, makeFormat, spanish, toMajor, toMinor } from './index.js';

const format = makeFormat({ locale: 'en-GB', timeZone: 'Europe/Madrid' }, english);
const now = new Date('2026-03-01T12:00:00Z');
const problem = (error: unknown, texts = english) => describeProblem(error, texts, format, now);
const refused = (status: number, code: string, more: object = {}) => new Refusal(status, { status, code, ...more });

describe('each kind of failure has its own message and its own way on', () => {
  const rows = [
    [refused(401, 'unauthenticated'), 'unauthenticated', 'log_in'],
    [refused(403, 'forbidden'), 'forbidden', 'none'],
    [refused(404, 'not_found'), 'not_found', 'reload'],
    [refused(409, 'stale_version'), 'conflict', 'resolve'],
    [refused(409, 'no_transition'), 'conflict', 'reload'],
    [refused(409, 'not_unique'), 'conflict', 'mend'],
    [refused(422, 'too_long', { field: 'name', limit: 200 }), 'invalid', 'mend'],
    [refused(423, 'leased', { holder: { name: 'Ana' } }), 'leased', 'take_over'],
    [new Refusal(429, { code: 'too_many' }, 30_000), 'too_many', 'retry'],
    [new Refusal(503, { code: 'overloaded' }, 5_000), 'busy', 'retry'],
    [refused(503, 'commit_unknown'), 'busy', 'retry'],
    [new ConnectionLost('lost'), 'connection_lost', 'retry'],
    [new TimedOut('late'), 'timed_out', 'retry'],
    [new UnexpectedAnswer('html', 200, '<html>'), 'network_page', 'retry'],
    [new UnexpectedAnswer('gateway', 502, ''), 'gateway', 'retry'],
    [new UnexpectedAnswer('gateway', 429, ''), 'too_many', 'retry'],
    [new UnexpectedAnswer('broken_json', 200, '{'), 'damaged', 'retry'],
    [new UnexpectedAnswer('server_error', 500, ''), 'unexpected', 'retry'],
    [new StorageFailed('full'), 'storage', 'none'],
    [new Discarded('dropped'), 'discarded', 'none'],
    [new TypeError('of the page'), 'unknown', 'reload'],
  ] as const;

  test.each(rows)('%s: %s, %s', (error, kind, wayOn) => {
    for (const texts of [english, spanish]) expect(problem(error, texts)).toMatchObject({ kind, wayOn });
  });

  test('no two of them read the same', () => {
    const statuses = [401, 403, 404, 409, 422, 429, 503].map(
      (status) => problem(refused(status, 'something_new')).title,
    );
    expect(new Set([...statuses, problem(new ConnectionLost('lost')).title]).size).toBe(8);
  });
});

test('field, limit, holder and time are told', () => {
  expect(problem(refused(422, 'too_long', { field: 'name', limit: 8_000 }))).toMatchObject({
    field: 'name',
    text: 'Shorten this field. At most 8,000.',
  });
  expect(problem(refused(413, 'body_too_large', { limit: 10_485_760 })).text).toContain('At most 10 MB.');
  expect(problem(refused(423, 'leased', { holder: { name: 'Ana' } })).text).toContain('Ana is editing this.');
  expect(problem(new Refusal(503, { code: 'overloaded' }, 5_000)).text).toContain('Possible again in 5 seconds.');
});

test('a code that the catalogue does not know brings the server’s own words', () => {
  const unknown = refused(409, 'proof_missing', { detail: 'Upload the proof first' });
  expect(problem(unknown).text).toContain('Upload the proof first');
  const own = { ...english, codes: { ...english.codes, proof_missing: { title: 'No proof', text: 'Upload it.' } } };
  expect(problem(unknown, own)).toMatchObject({ title: 'No proof', text: 'Upload it.' });
});

test('the Spanish catalogue has a text of its own for each of the English ones', () => {
  const same: string[] = [];
  const walk = (left: object, right: object, path: string) => {
    expect(Object.keys(right).sort(), path).toEqual(Object.keys(left).sort());
    for (const [name, value] of Object.entries(left)) {
      const other = (right as Record<string, unknown>)[name];
      const here = `${path}.${name}`;
      if (typeof value === 'object') walk(value, other as object, here);
      else if (typeof value === 'string' && value === other) same.push(here);
      else expect(typeof other, here).toBe(typeof value);
    }
  };
  walk(english, spanish, '');
  expect(same).toEqual(['.no']);
});

test('times and numbers are written as the tenant wants them, whatever the browser’s own zone', () => {
  const spain = makeFormat({ locale: 'es-ES', timeZone: 'Atlantic/Canary', currency: 'EUR' }, spanish);
  expect(spain.dateTime('2026-03-01T23:30:00.000000Z')).toBe('1 mar 2026, 23:30');
  expect(format.dateTime('2026-03-01T23:30:00.000000Z')).toBe('2 Mar 2026, 00:30');
  expect(spain.number(12_345.5)).toBe('12.345,5');
  expect(spain.money(123_456)).toBe('1234,56\u00a0€');
  expect(spain.money(500, 'JPY')).toBe('500\u00a0JPY');
  expect(spain.relative('2026-03-01T11:58:00Z', now)).toBe('hace 2 minutos');
  expect(spain.relative('2026-02-01T12:00:00Z', now)).toBe('1 feb 2026');
  expect(spain.ago('2026-03-01T12:00:02Z', now)).toBe('ahora');
  expect(spain.ago('2026-03-01T11:59:10Z', now)).toBe('ahora');
  expect(spain.ago('2026-03-01T11:58:00Z', now)).toBe('hace 2 minutos');
  expect([spain.bytes(700), spain.bytes(2_048), spain.bytes(10_485_760)]).toEqual(['700 bytes', '2 kB', '10 MB']);
  expect([format.bytes(1), format.bytes(4)]).toEqual(['1 byte', '4 bytes']);
  expect(spain.value(['a', true, null])).toBe('a, sí, vacío');
  expect([spain.money(1_250, ''), spain.money(1_250, 'no')]).toEqual(['12,50', '12,50']);
  expect([toMinor(12.5, 'EUR'), toMinor(0.29, undefined), toMinor(500, 'JPY')]).toEqual([1_250, 29, 500]);
  expect([toMajor(1_250, 'EUR'), toMajor(500, 'JPY'), currencyDigits('KWD')]).toEqual([12.5, 500, 3]);
  const odd = makeFormat({ locale: 'not a locale', timeZone: 'Nowhere/Town', currency: '?' }, spanish);
  expect(odd.settings).toEqual({ locale: 'es' });
});
