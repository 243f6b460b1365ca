import { invalid } from '../../errors.js';
import { bytesSource } from '../byte-source.js';
import { lengthOf, storedElements } from '../elements.js';
import { dtypeOf } from './safetensors-dtypes.js';
import { readHeader } from './safetensors-header.js';

/** A tensor of a `.safetensors` file whose numbers are read when they are asked for. */
export interface StoredTensor {
  readonly shape: readonly number[];
  /** As the format writes it: `F32`, `BF16`, `I64`. */
  readonly dtype: string;
  /** Returns the numbers, row-major, rounded to float32. @throws RangeError for a dtype other than the four of floating point */
  read(): Float32Array;
}

/**
 * Returns the tensors in the bytes of a `.safetensors` file by their names. The file has an unsigned 64-bit length, a
 * JSON header with dtype, shape and place of each tensor, then the numbers, little-endian, without gaps
 * (https://huggingface.co/docs/safetensors). The note `__metadata__` is left out.
 *
 * @throws RangeError for anything but a whole file: it names the tensor and says what does not fit
 * @example
 * readSafetensors(await readFile('rexnetv1_1.0x.safetensors')).get('features.0.weight')?.shape; // [32, 3, 3, 3]
 */
export function readSafetensors(bytes: Uint8Array): Map<string, StoredTensor> {
  const { entries, data } = readHeader(bytesSource('the file', bytes));
  return new Map(
    entries.map(([name, { dtype, shape, data_offsets }]) => {
      const read = () => {
        const known = floats.includes(dtype) ? dtypeOf(dtype) : undefined;
        if (!known) throw invalid(`.safetensors dtype of ${name}`, dtype, floats.join(', '));
        const length = lengthOf(shape);
        // a copy, which does not keep the file's bytes
        return Float32Array.from(storedElements(data, data_offsets[0], length, known).read(0, length));
      };
      return [name, { shape, dtype, read }];
    }),
  );
}

const floats = ['F16', 'BF16', 'F32', 'F64'];
