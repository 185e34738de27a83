// SPDX-License-Identifier: Apache-2.0
// Packs a directory of built files for the program: node pack_console.mjs FROM TO writes TO/console_files.bin (all bytes,
// plain and compressed), .S (which takes them in) and .cpp (the table of src/server/console.h).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const alignment = 16;

function filesBelow(directory) {
  return readdirSync(directory)
    .sort()
    .map((name) => join(directory, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

const [, , from, to] = process.argv;
const parts = [];
let size = 0;

// Answers where the bytes lie in the packed file.
function put(bytes) {
  const offset = size;
  const padding = (alignment - (bytes.length % alignment)) % alignment;
  parts.push(bytes, Buffer.alloc(padding));
  size += bytes.length + padding;
  return `${offset}, ${bytes.length}`;
}

const rows = filesBelow(from).map((file) => {
  const path = `/${relative(from, file).split(sep).join('/')}`;
  const type = types[extname(file)];
  if (!type) throw new Error(`${path}: add the content type of this kind of file to ${process.argv[1]}`);
  const bytes = readFileSync(file);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const compressed = gzipSync(bytes, { level: 9 });
  const gzip = compressed.length < bytes.length * 0.9 ? compressed : Buffer.alloc(0);
  return `    {${JSON.stringify(path)}, ${JSON.stringify(type)}, part(${put(bytes)}), part(${put(gzip)}), "${hash}"},\n`;
});
if (!rows.some((row) => row.includes('"/index.html"'))) throw new Error(`${from} has no index.html`);

const table = `// Made by cmake/pack_console.mjs.
#include "server/console.h"

extern "C" const char interlock_console_bytes[];

namespace interlock::server {
namespace {

std::string_view part(std::size_t offset, std::size_t size) { return {interlock_console_bytes + offset, size}; }

}  // namespace

std::span<const http::StaticFile> console_files() {
  static const http::StaticFile files[] = {
${rows.join('')}  };
  return files;
}

}  // namespace interlock::server
`;
const assembly = `# Made by cmake/pack_console.mjs.
    .section .rodata
    .global interlock_console_bytes
    .balign ${alignment}
interlock_console_bytes:
    .incbin ${JSON.stringify(join(to, 'console_files.bin'))}
    .section .note.GNU-stack, "", %progbits
`;

// What stays the same is not written: nothing is compiled or linked again for it.
function write(name, content) {
  const path = join(to, name);
  const bytes = Buffer.from(content);
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
}

mkdirSync(to, { recursive: true });
write('console_files.bin', Buffer.concat(parts));
write('console_files.S', assembly);
write('console_files.cpp', table);
