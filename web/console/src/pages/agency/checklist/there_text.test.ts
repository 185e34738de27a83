// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { Texts } from '../../../texts/texts';
import { thereText } from './there_text';

test('how many documents are there, for none, one and many', () => {
  const [english, spanish] = [new Texts('en'), new Texts('es')];
  const cases: readonly [number, number, string, string][] = [
    [0, 0, 'None of these documents is needed', 'Ninguno de estos documentos es necesario'],
    [0, 1, '0 of 1 needed document is there', '0 de 1 documento necesario recibido'],
    [1, 1, '1 of 1 needed document is there', '1 de 1 documento necesario recibido'],
    [1, 2, '1 of 2 needed documents are there', '1 de 2 documentos necesarios recibidos'],
  ];
  for (const [there, needed, en, es] of cases) {
    expect(thereText(english, there, needed)).toBe(en);
    expect(thereText(spanish, there, needed)).toBe(es);
  }
});
