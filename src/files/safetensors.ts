import { invalid } from '../errors.js';
import { elementReader, type NpyDtype } from './npy-dtype.js';

/** A tensor of a `.safetensors` file whose numbers are read when they are asked for. */
export interface StoredTensor {
  readonly shape: readonly number[];
  /** As the format writes it: `F32`, `BF16`, `I64`. */
  readonly dtype: string;
  /** Returns the numbers, row-major, rounded to float32. @throws RangeError for a dtype other than the four of floating point */
  read(): Float32Array;
}

/**
 * Returns the tensors in the bytes of a `.safetensors` file by their names: an unsigned 64-bit length, a JSON header
 * with dtype, shape and place of each tensor, then the numbers, little-endian
 * (https://huggingface.co/docs/safetensors). The note `__metadata__` is left out.
 *
 * @throws RangeError for anything but a whole file: it names the tensor and says what does not fit
 * @example
 * readSafetensors(await readFile('rexnetv1_1.0x.safetensors')).get('features.0.weight')?.shape; // [32, 3, 3, 3]
 */
export function readSafetensors(bytes: Uint8Array): Map<string, StoredTensor> {
  const { header, dataOffset } = readHeader(bytes);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') tensors.set(name, readEntry(name, entry, bytes.subarray(dataOffset)));
  }
  return tensors;
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataOffset: number } {
  if (bytes.length < 8) throw invalid('.safetensors file', `${bytes.length} bytes`, 'at least 8');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const dataOffset = 8 + length;
  if (dataOffset > bytes.length) {
    const found = `header of ${length} bytes in a file of ${bytes.length}`;
    throw invalid(
      '.safetensors file',
      found,
      'a header within the file; is it truncated, or of another format?',
    );
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataOffset)));
  } catch (cause) {
    throw Object.assign(invalid('.safetensors header', (cause as Error).message, 'JSON'), { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw invalid('.safetensors header', header, 'an object with one entry a tensor');
  }
  return { header: header as Record<string, unknown>, dataOffset };
}

function readEntry(name: string, entry: unknown, data: Uint8Array): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;
  const isCounts = (x: unknown): x is number[] => Array.isArray(x) && x.every(isCount);
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw invalid(`.safetensors entry ${name}`, entry, 'an object with dtype, shape and data_offsets');
  }
  const [from, to] = offsets as [number, number];
  if (from > to || to > data.length) {
    throw invalid(
      `.safetensors place of ${name}`,
      `${from} to ${to}`,
      `within the ${data.length} bytes of data`,
    );
  }
  const length = shape.reduce((product, n) => product * n, 1);
  const size = sizes[dtype];
  if (size !== undefined && to - from !== length * size) {
    const expected = `${length * size} bytes, [${shape.join(', ')}] of ${dtype}`;
    throw invalid(`.safetensors data of ${name}`, `${to - from} bytes`, expected);
  }
  const own = data.subarray(from, to);
  return { shape, dtype, read: () => readNumbers(name, dtype, own, length) };
}

/** Bytes a number, of all types the format knows. */
const sizes: Readonly<Record<string, number>> = Object.fromEntries(
  ['BOOL U8 I8 F8_E4M3 F8_E5M2', 'U16 I16 F16 BF16', 'U32 I32 F32', 'U64 I64 F64'].flatMap((names, power) =>
    names.split(' ').map((name) => [name, 2 ** power]),
  ),
);

const reader = (dtype: NpyDtype) => elementReader({ dtype, size: 0, littleEndian: true });

const readers: Readonly<Record<string, (view: DataView, offset: number) => number>> = {
  F16: reader('float16'),
  BF16: (view, offset) => upperHalf(view.getUint16(offset, true)),
  F32: reader('float32'),
  F64: reader('float64'),
};

/** Returns the float32 whose upper sixteen bits are given: a bfloat16. */
function upperHalf(bits: number): number {
  scratch.setUint16(0, bits);
  return scratch.getFloat32(0);
}

const scratch = new DataView(new ArrayBuffer(4));

function readNumbers(name: string, dtype: string, bytes: Uint8Array, length: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = Object.hasOwn(readers, dtype) ? readers[dtype] : undefined;
  if (!read) throw invalid(`.safetensors dtype of ${name}`, dtype, Object.keys(readers).join(', '));
  const size = sizes[dtype]!;
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) out[i] = read(view, i * size);
  return out;
}
