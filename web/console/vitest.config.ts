// SPDX-License-Identifier: Apache-2.0
import { defineConfig, mergeConfig } from 'vitest/config';
import application from './vite.config';

export default mergeConfig(
  application,
  defineConfig({
    test: {
      setupFiles: ['test/support/globals.ts'],
      include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 120_000,
      maxWorkers: 1,
      minWorkers: 1,
    },
  }),
);
