// SPDX-License-Identifier: Apache-2.0
// Cells of CSV files that spreadsheets open: what they would run as a formula is neutralised, and taken back on import.
const runs = /^[=+\-@\t\r]/;
const guarded = /^'[=+\-@\t\r]/;

/** Between the items of a list in one cell. */
export const listSeparator = ';';

/** A cell that no spreadsheet runs. */
export function neutralised(cell: string): string {
  return runs.test(cell) ? `'${cell}` : cell;
}

/** The cell as it was before. */
export function withoutGuard(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}

/** One line of a file, with its end. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => {
    const safe = neutralised(cell);
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${quoted.join(',')}\r\n`;
}
