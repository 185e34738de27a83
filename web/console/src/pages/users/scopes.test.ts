// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { seesAllCustomers } from './scopes';

test('an empty list says nothing of the company to somebody who sees a part of it', () => {
  const sees = (role: string, ...scopes: string[]) => seesAllCustomers({ role, scopes });
  expect([sees('owner'), sees('admin', 'tasks:own'), sees('staff', 'customers:all')]).toEqual([true, true, true]);
  expect([sees('staff'), sees('viewer'), sees('admin', 'customers:assigned')]).toEqual([false, false, false]);
});
