// SPDX-License-Identifier: Apache-2.0
import { expect, test, vi } from 'vitest';
import { lazyPage, retryPages } from './lazy_page';

test('a page that could not be fetched is fetched again when that is wanted, and only then', async () => {
  const fetchModule = vi.fn(async () => ({ Page: () => null }));
  fetchModule.mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'));
  const page = lazyPage(fetchModule, 'Page');
  await page.preload();
  await page.preload();
  expect(fetchModule).toHaveBeenCalledTimes(1);
  retryPages();
  await page.preload();
  await page.preload();
  expect(fetchModule).toHaveBeenCalledTimes(2);
});
