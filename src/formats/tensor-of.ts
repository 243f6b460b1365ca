import { invalid } from '../errors.js';
import { lastOf } from '../lookups.js';
import { type Elements, lengthOf, rowMajor } from './elements.js';
import type { NamedTensor, Numbers } from './model-file.js';

/** Where a tensor lies among its elements, if not row-major from the first one on. */
export interface TensorPlace {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Numbers of storage that a view with gaps reads at once. */
const PIECE = 2 ** 22;

/** Returns a tensor over elements, which may be a view with any strides. */
export function tensorOf(
  name: string,
  shape: readonly number[],
  elements: Elements,
  { place, ...more }: Partial<NamedTensor> & { place?: TensorPlace | undefined } = {},
): NamedTensor {
  const length = lengthOf(shape);
  const offset = place?.offset ?? 0;
  const isPlain = !place || isContiguous(shape, place.strides);
  const readAt = isPlain
    ? (start: number, count: number) => elements.read(offset + start, count)
    : (start: number, count: number) => readView(elements, shape, place, start, count);
  const read = async (start: number, count: number) => {
    if (!Number.isSafeInteger(start) || !(start >= 0 && count >= 0 && start + count <= length))
      throw invalid(`numbers of ${name}`, `${start} to ${start + count}`, `0 to ${length}`);
    return readAt(start, count);
  };
  return { name, aliases: [], shape, dtype: elements.dtype, ...more, read };
}

/** Whether the numbers lie row-major without gaps; strides of axes of length 1 do not count. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  const own = rowMajor(shape);
  return shape.includes(0) || shape.every((n, axis) => n === 1 || strides[axis] === own[axis]);
}

/** Returns numbers of a view, from windows of storage that are read once while they serve. */
function readView(
  elements: Elements,
  shape: readonly number[],
  { offset, strides }: TensorPlace,
  start: number,
  count: number,
): Numbers {
  const places = placesOf(shape, strides, offset, start, count);
  const order = Uint32Array.from(places, (_, i) => i).sort((one, other) => places[one]! - places[other]!);
  const wide = elements.read(0, 0) instanceof Float64Array;
  const out = wide ? new Float64Array(count) : new Float32Array(count);
  let window: Numbers = out.subarray(0, 0);
  let from = 0;
  for (const [rank, i] of order.entries()) {
    const at = places[i]!;
    if (at >= from + window.length || rank === 0) {
      from = at;
      const last = places[lastOf(order)]!;
      window = elements.read(from, Math.min(PIECE, last - from + 1, elements.length - from));
    }
    out[i] = window[at - from]!;
  }
  return out;
}

function placesOf(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  start: number,
  count: number,
): Float64Array {
  const own = rowMajor(shape);
  const index = shape.map((n, axis) => Math.floor(start / own[axis]!) % n);
  let at = offset + index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
  const places = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    places[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= shape[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return places;
}
