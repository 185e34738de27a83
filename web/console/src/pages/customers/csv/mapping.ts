// SPDX-License-Identifier: Apache-2.0
// Which column fills which field, and what a row becomes: a customer, or a problem that its user can mend.
import type { CustomerCreate } from '@interlock/client';
import { listSeparator, withoutGuard } from './cells';

export const importFields = ['name', 'email', 'phone', 'status', 'assigned_to', 'tags', 'address'] as const;
export type ImportField = (typeof importFields)[number];

/** For each field the index of its column. */
export type Mapping = Readonly<Partial<Record<ImportField, number>>>;

export type CellProblem = 'required' | 'too_long' | 'unknown_status' | 'unknown_user' | 'not_an_address';

export interface ImportRow {
  /** Its line in the file, the heading being the first. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly values: CustomerCreate;
  readonly problems: Readonly<Partial<Record<ImportField, CellProblem>>>;
}

/** What cells are looked up in. */
export interface Known {
  /** Names of statuses by what they may be called, in small letters. */
  readonly statuses: ReadonlyMap<string, string>;
  /** Ids of users by name, address and id, in small letters. */
  readonly users: ReadonlyMap<string, string>;
}

const words: Readonly<Record<ImportField, readonly string[]>> = {
  name: ['name', 'nombre', 'customer', 'client', 'cliente', 'company', 'empresa', 'full name', 'nombre completo'],
  email: ['email', 'e-mail', 'mail', 'correo', 'correo electronico', 'email address', 'e-mail address'],
  phone: ['phone', 'telephone', 'tel', 'mobile', 'telefono', 'movil', 'phone number'],
  status: ['status', 'state', 'estado'],
  assigned_to: ['assigned to', 'assigned', 'owner', 'asignado', 'asignado a', 'responsable'],
  tags: ['tags', 'labels', 'etiquetas', 'tag'],
  address: ['address', 'direccion', 'street', 'postal address'],
};

/** In bytes of UTF-8, as the server counts. */
const bytesMax: Readonly<Partial<Record<ImportField, number>>> = { name: 200, email: 320, phone: 64, address: 1_000 };

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[_-]+/g, ' ')
    .trim();

/** Guesses by the headings; what is not certain is left to the user. */
export function guessMapping(heading: readonly string[]): Mapping {
  const taken = new Set<number>();
  const found = importFields.flatMap((field): [ImportField, number][] => {
    const fits = new Set(words[field].map(plain));
    const at = heading.findIndex((title, index) => !taken.has(index) && fits.has(plain(title)));
    if (at < 0) return [];
    taken.add(at);
    return [[field, at]];
  });
  return Object.fromEntries(found);
}

/** The rows as they would be imported. */
export function readRows(rows: readonly (readonly string[])[], mapping: Mapping, known: Known): ImportRow[] {
  return rows.map((cells, index) => ({ line: index + 2, cells, ...readRow(cells, mapping, known) }));
}

function readRow(cells: readonly string[], mapping: Mapping, known: Known) {
  const problems: Partial<Record<ImportField, CellProblem>> = {};
  const values: Record<string, unknown> = {};
  for (const field of importFields) {
    const column = mapping[field];
    const cell = column === undefined ? '' : withoutGuard(cells[column] ?? '').trim();
    const read = readCell(field, cell, known);
    if (read.problem) problems[field] = read.problem;
    if (read.value !== undefined) values[field] = read.value;
  }
  return { values: values as unknown as CustomerCreate, problems };
}

function readCell(field: ImportField, cell: string, known: Known): { value?: unknown; problem?: CellProblem } {
  if (cell === '') return field === 'name' ? { problem: 'required' } : {};
  const max = bytesMax[field];
  if (max !== undefined && new TextEncoder().encode(cell).length > max) return { value: cell, problem: 'too_long' };
  switch (field) {
    case 'status': {
      const value = known.statuses.get(cell.toLowerCase());
      return value ? { value } : { problem: 'unknown_status' };
    }
    case 'assigned_to': {
      const value = known.users.get(cell.toLowerCase());
      return value ? { value } : { problem: 'unknown_user' };
    }
    case 'tags':
      return {
        value: [
          ...new Set(
            cell
              .split(new RegExp(`[${listSeparator},]`))
              .map((tag) => tag.trim())
              .filter(Boolean),
          ),
        ],
      };
    case 'email':
      return { value: cell, ...(!/^[^\s@]+@[^\s@]+$/.test(cell) && { problem: 'not_an_address' as const }) };
    default:
      return { value: cell };
  }
}

export function hasProblem({ problems }: ImportRow): boolean {
  return Object.keys(problems).length > 0;
}
