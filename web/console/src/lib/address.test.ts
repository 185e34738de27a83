// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { readablePath } from './address';

test.each([
  ['/customers', '/customers'],
  ['/customers/caf%C3%A9', '/customers/caf%C3%A9'],
  ['/customers/%zz', '/customers/%25zz'],
  ['/customers/%', '/customers/%25'],
  ['/%ff/%41', '/%25ff/%41'],
])('%s is read as %s', (path, wanted) => {
  expect(readablePath(path)).toBe(wanted);
  expect(() => decodeURIComponent(wanted)).not.toThrow();
});
