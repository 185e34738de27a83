// SPDX-License-Identifier: Apache-2.0
// A CSV file as rows of cells. Files of spreadsheets come with commas or semicolons, with and without a byte order mark,
// in UTF-8 or in the encoding of older Windows programs.
import Papa from 'papaparse';

export const importLimits = { fileBytesMax: 20 * 1024 * 1024, rowsMax: 20_000 } as const;

export type ParseProblem = 'empty' | 'too_large' | 'too_many_rows' | 'not_text';

export interface ParsedFile {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of the file's content; the same file gives the same. */
  readonly digest: string;
}

export class FileProblem extends Error {
  constructor(readonly problem: ParseProblem) {
    super(problem);
  }
}

/** Reads a file. Throws FileProblem. */
export async function parseFile(file: Blob): Promise<ParsedFile> {
  if (file.size > importLimits.fileBytesMax) throw new FileProblem('too_large');
  const bytes = await file.arrayBuffer();
  return parseText(decode(bytes), await digestOf(bytes));
}

/** Rows of a text whose first row is the heading. Throws FileProblem. */
export function parseText(text: string, digest: string): ParsedFile {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy', preview: importLimits.rowsMax + 2 });
  const [heading, ...rows] = data;
  if (!heading || rows.length === 0) throw new FileProblem('empty');
  if (rows.length > importLimits.rowsMax) throw new FileProblem('too_many_rows');
  return { heading: heading.map((name) => name.trim()), rows, digest };
}

function decode(bytes: ArrayBuffer): string {
  if (new Uint8Array(bytes).includes(0)) throw new FileProblem('not_text');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** A page without TLS has no digests: then a repeat is safe as long as the dialog is open only. */
async function digestOf(bytes: ArrayBuffer): Promise<string> {
  if (!globalThis.crypto?.subtle) return globalThis.crypto.getRandomValues(new Uint32Array(8)).join('-');
  return hex(await crypto.subtle.digest('SHA-256', bytes));
}

export function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
