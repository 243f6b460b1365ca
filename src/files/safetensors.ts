import { invalid } from '../errors.js';
import { elementReader, type NpyDtype } from './npy-dtype.js';
import { bitsOf, lengthOf, readHeader } from './safetensors-header.js';

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
 * with dtype, shape and place of each tensor, then the numbers, little-endian, without gaps
 * (https://huggingface.co/docs/safetensors). The note `__metadata__` is left out.
 *
 * @throws RangeError for anything but a whole file: it names the tensor and says what does not fit
 * @example
 * readSafetensors(await readFile('rexnetv1_1.0x.safetensors')).get('features.0.weight')?.shape; // [32, 3, 3, 3]
 */
export function readSafetensors(bytes: Uint8Array): Map<string, StoredTensor> {
  const { entries, data } = readHeader(bytes);
  return new Map(
    entries.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const own = data.subarray(from, to);
        return [name, { shape, dtype, read: () => readNumbers(name, dtype, own, lengthOf(shape)) }];
      },
    ),
  );
}

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
  const size = bitsOf[dtype]! / 8;
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) out[i] = read(view, i * size);
  return out;
}
