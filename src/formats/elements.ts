import type { ByteSource } from './byte-source.js';
import { decodeNumbers } from './decode-numbers.js';
import { type TensorDtype, formOf } from './dtypes.js';
import type { Numbers } from './model-file.js';

/** Numbers that lie one after the other. */
export interface Elements {
  readonly dtype: TensorDtype;
  readonly length: number;
  read(start: number, count: number): Numbers;
}

/** Returns `length` numbers of a source from the byte `offset` on. */
export function storedElements(
  source: ByteSource,
  offset: number,
  length: number,
  dtype: TensorDtype,
  littleEndian = true,
): Elements {
  const { size } = formOf(dtype);
  return {
    dtype,
    length,
    read: (start, count) =>
      decodeNumbers(source.read(offset + start * size, count * size), dtype, littleEndian),
  };
}

/** Returns the number of elements of a shape. */
export function lengthOf(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
}

/** Returns the distance between neighbours along each axis; the last index varies fastest. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}
