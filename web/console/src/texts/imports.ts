// SPDX-License-Identifier: Apache-2.0
import type { Area } from './area';

/** Import from CSV files. */
export const imports = {
  'import.title': { en: 'Import {customers}', es: 'Importar {customers}' },
  'import.drop': { en: 'Drop a CSV file here', es: 'Suelte aquí un archivo CSV' },
  'import.choose': { en: 'Choose a file', es: 'Elegir un archivo' },
  'import.hint': {
    en: 'The first row names the columns. Up to {n} rows. The same file imported twice doubles nothing.',
    es: 'La primera fila nombra las columnas. Hasta {n} filas. Importar dos veces el mismo archivo no duplica nada.',
  },
  'import.empty': {
    en: 'The file holds no rows below its heading.',
    es: 'El archivo no tiene filas bajo el encabezado.',
  },
  'import.too_large': { en: 'The file is larger than 20 MiB.', es: 'El archivo supera los 20 MiB.' },
  'import.too_many_rows': {
    en: 'The file has more than {n} rows. Split it.',
    es: 'El archivo tiene más de {n} filas. Divídalo.',
  },
  'import.not_text': {
    en: 'This is no CSV file. Save the sheet as CSV first.',
    es: 'No es un archivo CSV. Guarde antes la hoja como CSV.',
  },
  'import.no_column': { en: 'Not in the file', es: 'No está en el archivo' },
  'import.column': { en: 'Column {n}', es: 'Columna {n}' },
  'import.line': { en: 'Line', es: 'Línea' },
  'import.good.one': { en: '{n} row can be imported', es: 'Se puede importar {n} fila' },
  'import.good.other': { en: '{n} rows can be imported', es: 'Se pueden importar {n} filas' },
  'import.bad.one': { en: '{n} row has a problem', es: '{n} fila tiene un problema' },
  'import.bad.other': { en: '{n} rows have problems', es: '{n} filas tienen problemas' },
  'import.bad_text': {
    en: 'Rows with problems are left out. Mend them in the file and import it again.',
    es: 'Las filas con problemas se omiten. Corríjalas en el archivo e impórtelo de nuevo.',
  },
  'import.only_problems': { en: 'Only rows with problems', es: 'Solo filas con problemas' },
  'import.other_file': { en: 'Another file', es: 'Otro archivo' },
  'import.begin.one': { en: 'Import {n} row', es: 'Importar {n} fila' },
  'import.begin.other': { en: 'Import {n} rows', es: 'Importar {n} filas' },
  'import.required': { en: 'is missing', es: 'falta' },
  'import.too_long': { en: 'is too long', es: 'es demasiado largo' },
  'import.unknown_status': { en: 'is no status', es: 'no es un estado' },
  'import.unknown_user': { en: 'is no user', es: 'no es un usuario' },
  'import.not_an_address': { en: 'is no address', es: 'no es una dirección' },
} satisfies Area;
