import { invalid } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';
import { elementReader, type NpyDtype } from './npy-dtype.js';
import { parseNpyHeader } from './npy-header.js';

/** An array of any number of dimensions, row-major: the last index varies fastest. */
export interface NdArray {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** An array from a `.npy` file, with the element type in the file. */
export interface NpyArray extends NdArray {
  readonly dtype: NpyDtype;
}

/**
 * Returns the array in the bytes of a `.npy` file, always in row-major order. Elements of float16 (exactly) and float32
 * become float32; all other types become float64. Integers beyond 2^53 become the nearest float64. A 0-dimensional
 * array has shape [] and one element. NaN and infinities are kept.
 * @throws RangeError unless it is a complete `.npy` file (formats 1.0 to 3.0) of bool, integer or float elements; for
 * truncated or surplus data with the expected and actual number of bytes.
 * @example
 * const { data, shape } = readNpyArray(await readFile('features.npy'));
 */
export function readNpyArray(bytes: Uint8Array): NpyArray {
  const { element, fortranOrder, shape, dataOffset } = parseNpyHeader(bytes);
  const { dtype, size } = element;
  const length = shape.reduce((product, n) => product * n, 1);
  const found = bytes.length - dataOffset;
  if (found !== length * size) {
    const what = `${length * size} bytes, ${shape.join(' x ') || 1} of ${dtype}`;
    throw invalid(
      '.npy data',
      `${found} bytes`,
      `${what}; it is ${found < length * size ? 'truncated' : 'too long'}`,
    );
  }
  const single = dtype === 'float16' || dtype === 'float32';
  const data = single ? new Float32Array(length) : new Float64Array(length);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset, found);
  const read = elementReader(element);
  if (fortranOrder && shape.length > 1) {
    readFortranOrder(data, shape, (i) => read(view, i * size));
  } else {
    for (let i = 0; i < length; i++) data[i] = read(view, i * size);
  }
  return { data, shape, dtype };
}

/**
 * Returns the matrix in the bytes of a `.npy` file, with the element type in the file. A one-dimensional array is one
 * row; a single number is 1 x 1.
 * @throws RangeError as `readNpyArray`, and for an array of more than two dimensions.
 */
export function readNpyMatrix(bytes: Uint8Array): { matrix: Matrix; dtype: NpyDtype } {
  const { data, shape, dtype } = readNpyArray(bytes);
  if (shape.length > 2) {
    throw invalid(
      '.npy shape',
      `(${shape.join(', ')})`,
      'two dimensions at most; reshape it to rows x columns',
    );
  }
  const [rows, columns] = shape.length === 2 ? (shape as [number, number]) : [1, shape[0] ?? 1];
  return { matrix: { data, rows, columns }, dtype };
}

/**
 * Returns the bytes of a `.npy` file of the array, as float32 or float64 like its data. The format is 1.0,
 * little-endian, in C order; `numpy.load` reads it. @throws RangeError if the shape does not fit the data.
 * @example
 * await writeFile('spectrum.npy', writeNpy({ data: spectrum, shape: [spectrum.length] }));
 */
export function writeNpy({ data, shape }: NdArray): Uint8Array {
  const length = shape.reduce((product, n) => product * n, 1);
  if (length !== data.length)
    throw invalid('array shape', `(${shape.join(', ')})`, `${data.length} elements in all`);
  const size = data.BYTES_PER_ELEMENT;
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '<f${size}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Padded with spaces and a newline, so that the data begins at a multiple of 64 bytes.
  const dataOffset = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(dataOffset - 10 - 1)}\n`;
  const bytes = new Uint8Array(dataOffset + length * size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  for (let i = 0; i < length; i++) {
    if (size === 4) view.setFloat32(dataOffset + i * size, data[i]!, true);
    else view.setFloat64(dataOffset + i * size, data[i]!, true);
  }
  return bytes;
}

/** Fills row-major data from elements in Fortran order (the first index varies fastest). */
function readFortranOrder(
  data: Float32Array | Float64Array,
  shape: readonly number[],
  read: (index: number) => number,
): void {
  const strides: number[] = [];
  let stride = 1;
  for (const n of shape) {
    strides.push(stride);
    stride *= n;
  }
  const index = shape.map(() => 0);
  let source = 0;
  for (let i = 0; i < data.length; i++) {
    data[i] = read(source);
    // Count up like an odometer, the last index first.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
}
