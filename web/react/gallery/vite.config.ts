// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './',
  esbuild: { jsx: 'automatic' },
  resolve: { alias: { '@interlock/client': source('../../client/src/index.ts') } },
});
