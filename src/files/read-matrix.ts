import { extname } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { invalid, messageOf, missing, unknown } from '../errors.js';
import { checkMatrix, type Matrix } from '../spectrum/matrix.js';
import { parseDelimited } from './delimited.js';
import { foreignKindOf, remedyForExtension } from './foreign-kinds.js';
import type { NpyDtype } from './npy-dtype.js';
import { hasNpyMagic } from './npy-header.js';
import { readNamed } from './read-named.js';
import { readNpyMatrix } from './npy.js';
import { decodeText } from './read-text.js';

/** A matrix from a file, with the type its numbers had there and what was left out. */
export interface MatrixFile {
  readonly matrix: Matrix;
  /** How it was stored. */
  readonly kind: 'npy' | 'text';
  /** numpy's name of the type in the file; text is float64. */
  readonly dtype: NpyDtype;
  /** The line of text that was left out as a header, counted from 1; null if there was none. */
  readonly header: number | null;
  /** How many leading columns of text were left out as row names. */
  readonly rowNames: number;
  /** Whether integers beyond 2^53 were rounded; of a .npy file, may have been. */
  readonly rounded: boolean;
  /** Whether the first column of text counts the rows, though no header says that it has their names. */
  readonly countsRows: boolean;
}

/** The extensions that are read. Other input is taken for what its first bytes say. */
export const matrixExtensions = ['.npy', '.csv', '.tsv', '.txt'] as const;

/**
 * Returns the matrix in a file, or in standard input for `-`. The extension says what it is: `.npy`, or delimited
 * text (`.csv`, `.tsv`, `.txt`); standard input and files without an extension are `.npy` if they begin like one,
 * else delimited text.
 *
 * float32 stays, float16 becomes float32 (exactly; there is no narrower spectrum), all else float64; integers beyond
 * 2^53 become the nearest float64. A one-dimensional array is one row. Of text, header and row names are left out
 * (`parseDelimited`).
 * @throws RangeError, with the name of the file, where it is missing, of an unknown kind, malformed, or holds a NaN
 * or an infinity (with the position).
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
      const wholly = { header: null, rowNames: 0, countsRows: false };
      return { matrix: checkMatrix(matrix), kind: 'npy', dtype, ...wholly, rounded };
    }
    const { data, rows, columns, ...others } = parseDelimited(text);
    return { matrix: checkMatrix({ data, rows, columns }), kind: 'text', dtype: 'float64', ...others };
  } catch (error) {
    throw new RangeError(`${name}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** @throws RangeError for bytes that begin as another kind of file does */
function checkIsText(bytes: Uint8Array, name: string, isNpy: boolean): void {
  const found = isNpy ? { extension: '.npy', remedy: 'rename it' } : foreignKindOf(bytes);
  if (found === undefined) return;
  throw invalid(
    'text',
    `${name}: it begins as ${found.extension} files do`,
    `rows of numbers; ${found.remedy}`,
  );
}
