// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { csvLine, neutralised, withoutGuard } from './cells';
import { guessMapping, hasProblem, type Known, readRows } from './mapping';
import { FileProblem, parseFile, parseText } from './parse';
import { stepsOf } from './steps';

const known: Known = {
  statuses: new Map([
    ['new', 'new'],
    ['nuevo', 'new'],
  ]),
  users: new Map([['ana', 'user_1']]),
};

test('cells that a spreadsheet would run are neutralised, and come back as they were', () => {
  for (const cell of ['=1+1', '+43 1', '-5', '@a', '\tx']) {
    expect(neutralised(cell)).toBe(`'${cell}`);
    expect(withoutGuard(neutralised(cell))).toBe(cell);
  }
  expect([neutralised('Ana'), withoutGuard("'quoted'")]).toEqual(['Ana', "'quoted'"]);
});

test('what is exported is read again', () => {
  const cells = ['a "quoted", one', 'two\nlines', '=SUM(A1)', 'ñandú', ' '];
  const { rows } = parseText(csvLine(['h1', 'h2', 'h3', 'h4', 'h5']) + csvLine(cells), 'd');
  expect(rows[0]!.map(withoutGuard)).toEqual(cells);
});

test('columns are recognised by their headings in both languages', () => {
  expect(guessMapping(['Nombre', 'Correo electrónico', 'Teléfono', 'x'])).toEqual({ name: 0, email: 1, phone: 2 });
  expect(guessMapping(['E-Mail', 'Customer', 'assigned_to'])).toEqual({ email: 0, name: 1, assigned_to: 2 });
});

test('rows become customers, or say what is wrong with them', () => {
  const mapping = { name: 0, email: 1, status: 2, assigned_to: 3, tags: 4 };
  const [good, bad, empty] = readRows(
    [
      ['Ana', 'ana@x.test', 'Nuevo', 'ANA', 'vip; web, vip'],
      ['Bob', 'no address', 'gone', 'nobody', ''],
      ['', '', '', '', ''],
    ],
    mapping,
    known,
  );
  expect(good!.values).toEqual({
    name: 'Ana',
    email: 'ana@x.test',
    status: 'new',
    assigned_to: 'user_1',
    tags: ['vip', 'web'],
  });
  expect(hasProblem(good!)).toBe(false);
  expect(bad!.problems).toEqual({ email: 'not_an_address', status: 'unknown_status', assigned_to: 'unknown_user' });
  expect(empty!.problems).toEqual({ name: 'required' });
  expect(readRows([['ä'.repeat(101)]], { name: 0 }, known)[0]!.problems).toEqual({ name: 'too_long' });
});

test('files of older programs are read, other files are refused', async () => {
  const old = new Blob([new Uint8Array([...'name\r\nJos'].map((c) => c.charCodeAt(0)).concat(0xe9))]);
  expect((await parseFile(old)).rows).toEqual([['José']]);
  const semicolons = await parseFile(new Blob(['\ufeffname;phone\nAna;1\n']));
  expect([semicolons.heading, semicolons.rows]).toEqual([['name', 'phone'], [['Ana', '1']]]);
  for (const [bytes, problem] of [
    [new Uint8Array([80, 75, 3, 4, 0, 0]), 'not_text'],
    [new Uint8Array(), 'empty'],
  ] as const) {
    await expect(parseFile(new Blob([bytes]))).rejects.toEqual(new FileProblem(problem));
  }
});

test('the same file gives the same ids and keys, another content another key', async () => {
  const rows = readRows([['Ana'], ['Bob']], { name: 0 }, known);
  const [first, again] = [await stepsOf(rows, 'd1'), await stepsOf(rows, 'd1')];
  expect(first).toEqual(again);
  expect(new Set(first.map(({ id }) => id)).size).toBe(2);
  const changed = await stepsOf(readRows([['Ane']], { name: 0 }, known), 'd1');
  expect(changed[0]!.id).toBe(first[0]!.id);
  expect(changed[0]!.key).not.toBe(first[0]!.key);
});
