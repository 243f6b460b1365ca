import { invalid, unknown } from '../errors.js';

/** The supported element types of `.npy` files, by numpy's names. */
export const npyDtypes = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float16',
  'float32',
  'float64',
] as const;

/** The name of an element type. */
export type NpyDtype = (typeof npyDtypes)[number];

/** The storage of the elements in the file. */
export interface NpyElement {
  readonly dtype: NpyDtype;
  /** Bytes per element. */
  readonly size: number;
  readonly littleEndian: boolean;
}

const kinds: Readonly<Record<string, string>> = { b: 'bool', i: 'int', u: 'uint', f: 'float' };

/**
 * Returns the element type of a numpy type string such as `<f4`: byte order, kind and bytes. Byte orders are `<`
 * little, `>` big, `|` none, and `=` the writer's own, read as little. @throws RangeError for any other type (complex,
 * strings, objects, dates, long double), with the supported types.
 */
export function parseNpyDtype(descr: string): NpyElement {
  const [, order, kind = '', digits] = /^([<>|=]?)([biuf])(\d+)$/.exec(descr) ?? [];
  const size = Number(digits);
  const name = kind === 'b' && size === 1 ? 'bool' : `${kinds[kind]}${size * 8}`;
  const dtype = npyDtypes.find((known) => known === name);
  const other = /^[<>|=]?O/.test(descr) ? 'object' : kind === 'f' && size > 8 ? 'long double' : undefined;
  if (other !== undefined) {
    throw invalid(
      '.npy dtype',
      `${descr} (${other})`,
      `${npyDtypes.join(', ')}; convert it with array.astype(float)`,
    );
  }
  if (dtype === undefined) throw unknown('.npy dtype', descr, npyDtypes);
  return { dtype, size, littleEndian: order !== '>' };
}

/** Returns a function that reads one element as a number. Integers beyond 2^53 become the nearest float64. */
export function elementReader({
  dtype,
  littleEndian,
}: NpyElement): (view: DataView, offset: number) => number {
  switch (dtype) {
    case 'bool':
      return (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1);
    case 'int8':
      return (view, offset) => view.getInt8(offset);
    case 'uint8':
      return (view, offset) => view.getUint8(offset);
    case 'int16':
      return (view, offset) => view.getInt16(offset, littleEndian);
    case 'uint16':
      return (view, offset) => view.getUint16(offset, littleEndian);
    case 'int32':
      return (view, offset) => view.getInt32(offset, littleEndian);
    case 'uint32':
      return (view, offset) => view.getUint32(offset, littleEndian);
    case 'int64':
      return (view, offset) => Number(view.getBigInt64(offset, littleEndian));
    case 'uint64':
      return (view, offset) => Number(view.getBigUint64(offset, littleEndian));
    case 'float16':
      return (view, offset) => fromFloat16(view.getUint16(offset, littleEndian));
    case 'float32':
      return (view, offset) => view.getFloat32(offset, littleEndian);
    case 'float64':
      return (view, offset) => view.getFloat64(offset, littleEndian);
  }
}

/** Returns the number of an IEEE 754 half: 1 bit sign, 5 bits exponent (bias 15), 10 bits fraction. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
