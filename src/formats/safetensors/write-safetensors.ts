import type { FileHandle } from 'node:fs/promises';
import { open, rename, rm } from 'node:fs/promises';
import { invalid } from '../../errors.js';
import { FileWriteError } from '../../files/write-whole.js';
import { lengthOf } from '../elements.js';
import type { Numbers } from '../model-file.js';

/** A tensor to write. Its numbers are asked for when it is its turn. */
export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'F32' | 'F64';
  /** Returns all numbers, row-major. */
  read(): Promise<Numbers> | Numbers;
}

/**
 * Writes tensors as a `.safetensors` file (https://huggingface.co/docs/safetensors). The file has an unsigned 64-bit
 * length, a JSON header with dtype, shape and place of each tensor, then the numbers, little-endian. One tensor after
 * another is held. The file takes its name when it is whole.
 *
 * @throws RangeError for a name twice, or a tensor that has other numbers than its shape says; FileWriteError
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly WrittenTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header = new Map<string, object>([['__metadata__', metadata]]);
  let offset = 0;
  for (const { name, shape, dtype } of tensors) {
    if (header.has(name)) throw invalid('tensor to write', `${name} twice`, 'each name once');
    const end = offset + lengthOf(shape) * (dtype === 'F64' ? 8 : 4);
    header.set(name, { dtype, shape, data_offsets: [offset, end] });
    offset = end;
  }
  // spaces bring the numbers to a multiple of eight bytes
  const json = Buffer.from(
    `{${[...header].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
  );
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const temporary = `${path}.unfinished`;
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'w');
    await file.writeFile(Buffer.concat([length, padded]));
    for (const { name, shape, dtype, read } of tensors) {
      const numbers = await read();
      if (numbers.length !== lengthOf(shape))
        throw invalid(`numbers of ${name}`, numbers.length, `${lengthOf(shape)}, as its shape says`);
      await file.writeFile(
        bytesOf(dtype === 'F64' ? Float64Array.from(numbers) : Float32Array.from(numbers)),
      );
    }
    await file.close();
    file = undefined;
    await rename(temporary, path);
  } catch (error) {
    await file?.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
    const isOfSystem = !(error instanceof RangeError) && (error as NodeJS.ErrnoException).code !== undefined;
    throw isOfSystem ? new FileWriteError(path, error) : error;
  }
}

/** Bytes of numbers in the order of the machine, which is little-endian wherever Node runs. */
function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
