// SPDX-License-Identifier: Apache-2.0
import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { example } from './example.js';
import { eventually, Person } from './support/people.js';
import { binary, TestServer } from './support/server.js';

test.skipIf(!binary)('the example of the README does what it says', async () => {
  const server = await TestServer.start();
  const person = await new Person(server.url, 'admin@other.test').logIn();
  try {
    const lines: string[] = [];
    expect(await example(person.open(), (line) => lines.push(line))).toMatchObject({ name: 'Ana', phone: '+34 91 1' });
    await eventually(() => lines.includes('Ana (pending)') && lines.includes('Ana'), 'both lines');
  } finally {
    person.close();
    await server.stop();
  }
});
