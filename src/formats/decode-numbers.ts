import type { TensorDtype } from './dtypes.js';
import { dtypes } from './dtypes.js';
import type { Numbers } from './model-file.js';

/**
 * Returns the numbers in bytes, each exactly; integers beyond 2^53 become the nearest float64.
 * @param bytes a whole number of elements
 */
export function decodeNumbers(bytes: Uint8Array, dtype: TensorDtype, littleEndian = true): Numbers {
  const { size } = dtypes[dtype];
  const length = bytes.length / size;
  // typed arrays need an aligned start of their own; `slice` of a Buffer would be no copy
  const own = bytes.byteOffset % size === 0 && littleEndian ? bytes : new Uint8Array(bytes);
  if (!littleEndian) swap(own, size);
  const { buffer, byteOffset: at } = own;
  switch (dtype) {
    case 'float64':
      return new Float64Array(buffer as ArrayBuffer, at, length);
    case 'float32':
      return new Float32Array(buffer as ArrayBuffer, at, length);
    case 'float16':
      return looked(new Uint16Array(buffer, at, length), tableOf('float16'));
    case 'bfloat16':
      return upperHalves(new Uint16Array(buffer, at, length));
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer, at, length), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer, at, length), Number);
    case 'int32':
      return new Float64Array(new Int32Array(buffer, at, length));
    case 'uint32':
      return new Float64Array(new Uint32Array(buffer, at, length));
    case 'int16':
      return new Float32Array(new Int16Array(buffer, at, length));
    case 'uint16':
      return new Float32Array(new Uint16Array(buffer, at, length));
    case 'int8':
      return new Float32Array(new Int8Array(buffer, at, length));
    case 'uint8':
      return new Float32Array(own);
    case 'bool':
      return Float32Array.from(own, (byte) => (byte === 0 ? 0 : 1));
    default:
      return looked(own, tableOf(dtype));
  }
}

function looked(codes: Uint16Array | Uint8Array, table: Float32Array): Float32Array {
  const out = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!;
  return out;
}

/** A bfloat16 is the upper half of a float32. */
function upperHalves(codes: Uint16Array): Float32Array {
  const bits = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i++) bits[i] = codes[i]! << 16;
  return new Float32Array(bits.buffer);
}

function swap(bytes: Uint8Array, size: number): void {
  for (let i = 0; size > 1 && i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
}

type SmallFloat = 'float16' | 'float8_e4m3fn' | 'float8_e4m3fnuz' | 'float8_e5m2' | 'float8_e5m2fnuz';

/** Bits of exponent and fraction, the bias, and the codes beyond the finite numbers. */
const small: Readonly<Record<SmallFloat, readonly [number, number, number, 'ieee' | 'fn' | 'fnuz']>> = {
  float16: [5, 10, 15, 'ieee'],
  float8_e5m2: [5, 2, 15, 'ieee'],
  float8_e4m3fn: [4, 3, 7, 'fn'],
  float8_e4m3fnuz: [4, 3, 8, 'fnuz'],
  float8_e5m2fnuz: [5, 2, 16, 'fnuz'],
};

type Tabled = SmallFloat | 'float8_e8m0fnu';

const tables = new Map<Tabled, Float32Array>();

function tableOf(dtype: Tabled): Float32Array {
  const table = tables.get(dtype) ?? newTable(dtype);
  tables.set(dtype, table);
  return table;
}

function newTable(dtype: Tabled): Float32Array {
  if (dtype === 'float8_e8m0fnu')
    return Float32Array.from({ length: 256 }, (_, code) => (code === 255 ? NaN : 2 ** (code - 127)));
  const [exponentBits, fractionBits] = small[dtype];
  const length = 2 << (exponentBits + fractionBits);
  return Float32Array.from({ length }, (_, code) => valueOf(code, dtype));
}

function valueOf(code: number, dtype: SmallFloat): number {
  const [exponentBits, fractionBits, bias, specials] = small[dtype];
  const negative = code >> (exponentBits + fractionBits) === 1;
  const exponent = (code >> fractionBits) & ((1 << exponentBits) - 1);
  const fraction = (code & ((1 << fractionBits) - 1)) / (1 << fractionBits);
  const isTop = exponent === (1 << exponentBits) - 1;
  const magnitude = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  const isNaN =
    (specials === 'ieee' && isTop && fraction > 0) ||
    (specials === 'fn' && isTop && fraction === 1 - 2 ** -fractionBits) ||
    (specials === 'fnuz' && negative && magnitude === 0);
  if (isNaN) return NaN;
  const finite = specials === 'ieee' && isTop ? Infinity : magnitude;
  return negative ? -finite : finite;
}
