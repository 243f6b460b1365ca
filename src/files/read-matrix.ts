import { extname } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { invalid, messageOf, missing, printable, unknown } from '../errors.js';
import { checkMatrix, type Matrix } from '../spectrum/matrix.js';
import { parseDelimited } from './delimited.js';
import { foreignKindOf, remedyForExtension } from './foreign-kinds.js';
import type { NpyDtype } from './npy-dtype.js';
import { hasNpyMagic } from './npy-header.js';
import { readNamed } from './read-named.js';
import { readNpyMatrix } from './npy.js';
import { decodeText } from './read-text.js';

/** A matrix from a file, with its number type and the lines and columns left out. */
export interface MatrixFile {
  readonly matrix: Matrix;
  /** The kind of file. */
  readonly kind: 'npy' | 'text';
  /** numpy's name of the type in the file; text is float64. */
  readonly dtype: NpyDtype;
  /** The line of text that was left out as a header, counted from 1; null without a header. */
  readonly header: number | null;
  /** The number of leading columns of text left out as row names. */
  readonly rowNames: number;
  /** True if integers beyond 2^53 were rounded; for a .npy file, if they may have been. */
  readonly rounded: boolean;
  /** True if the first column of text counts the rows and no header marks it as row names. */
  readonly countsRows: boolean;
  /** True if the first row of text counts the columns, which may be a header of numbers. */
  readonly countsColumns: boolean;
}

/** The supported extensions. The kind of other input is taken from its first bytes. */
export const matrixExtensions = ['.npy', '.csv', '.tsv', '.txt'] as const;

/**
 * Returns the matrix in a file, or in standard input for `-`. The extension decides the kind: `.npy`, or delimited text
 * (`.csv`, `.tsv`, `.txt`). Standard input and files without an extension are `.npy` if they begin like one, and
 * otherwise delimited text.
 *
 * float32 stays, float16 becomes float32 (exactly), and all other types become float64. Integers beyond 2^53 become the
 * nearest float64. A one-dimensional array is one row. Header and row names of text are left out (`parseDelimited`).
 * @throws RangeError, with the name of the file, if it is missing, of an unknown kind or malformed, or if it holds a
 * NaN or an infinity (with the position).
 * @example
 * const { matrix } = await readMatrix('features.npy');
 */
export async function readMatrix(path: string): Promise<MatrixFile> {
  const name = path === '-' ? 'standard input' : path;
  const extension = path === '-' ? '' : extname(path).toLowerCase();
  if (extension !== '' && !matrixExtensions.some((known) => known === extension)) {
    const remedy = remedyForExtension(extension);
    const last = `- for standard input${remedy === undefined ? '' : `; ${remedy}`}`;
    throw unknown(`kind of file ${path}`, extension, [...matrixExtensions, last]);
  }
  const bytes = path === '-' ? await buffer(process.stdin) : await readNamed('file', path);
  const hasMagic = hasNpyMagic(bytes);
  const isNpy = extension === '' ? hasMagic : extension === '.npy';
  if (!isNpy) checkIsText(bytes, name, hasMagic);
  const text = isNpy ? '' : decodeText(bytes, name);
  try {
    if (bytes.length === 0) throw missing('data', '0 bytes', 'expected a .npy file or rows of numbers');
    if (isNpy) {
      const { matrix, dtype } = readNpyMatrix(bytes);
      const rounded = /int64/.test(dtype) && matrix.data.some((value) => Math.abs(value) >= 2 ** 53);
      const wholly = { header: null, rowNames: 0, countsRows: false, countsColumns: false };
      return { matrix: checkMatrix(matrix), kind: 'npy', dtype, ...wholly, rounded };
    }
    const { data, rows, columns, ...others } = parseDelimited(text);
    return { matrix: checkMatrix({ data, rows, columns }), kind: 'text', dtype: 'float64', ...others };
  } catch (error) {
    throw new RangeError(`${printable(name)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** @throws RangeError for bytes that begin like another kind of file */
function checkIsText(bytes: Uint8Array, name: string, isNpy: boolean): void {
  const found = isNpy ? { extension: '.npy', remedy: 'rename it' } : foreignKindOf(bytes);
  if (found === undefined) return;
  throw invalid(
    'text',
    `${name}: it begins like a ${found.extension} file`,
    `rows of numbers; ${found.remedy}`,
  );
}
