// SPDX-License-Identifier: Apache-2.0
// The application as static files: index.html and hashed files below /assets. The libraries are built from their sources,
// so that one build makes everything. In development, calls go to the server that INTERLOCK_URL names.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.INTERLOCK_URL ?? 'http://127.0.0.1:8080';
const proxy = { '/api': { target: server, ws: true }, '/metrics': server, '/docs': server };

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      '@interlock/client': source('../client/src/index.ts'),
      '@interlock/react': source('../react/src/index.ts'),
    },
    dedupe: ['react', 'react-dom'],
  },
  build: {
    target: ['chrome109', 'firefox115', 'safari16'],
    // The page's policy takes scripts and styles from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Before compression; what counts is measured by `./bench P13`.
    chunkSizeWarningLimit: 1_200,
  },
  server: { proxy },
  preview: { proxy },
});
