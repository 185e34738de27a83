#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Writes src/generated/api.ts from the OpenAPI document of a server:
//   node generate/generate.mjs [--check] DOCUMENT     DOCUMENT: a file, or the address of a running server
// With --check nothing is written; the exit status tells whether the file is what the document gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedText } from './text.mjs';

const target = fileURLToPath(new URL('../src/generated/api.ts', import.meta.url));

async function readDocument(source) {
  if (!/^https?:/.test(source)) return JSON.parse(readFileSync(source, 'utf8'));
  const answer = await fetch(new URL('/api/openapi.json', source));
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}`);
  return answer.json();
}

const words = process.argv.slice(2);
const check = words.includes('--check');
const source = words.find((word) => !word.startsWith('--'));
if (!source) {
  process.stderr.write('usage: generate.mjs [--check] DOCUMENT\n');
  process.exit(2);
}
const text = generatedText(await readDocument(source));
if (!check) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('src/generated/api.ts is not what this document gives; run npm run generate\n');
  process.exit(1);
}
