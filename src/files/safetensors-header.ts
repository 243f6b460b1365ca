import * as v from 'valibot';
import { invalid, unknown } from '../errors.js';
import { countTo, mapOf, readSchema, strict } from '../schema.js';
import { duplicateKey } from './duplicate-key.js';

/** Bytes of the header that are read, as in the reference implementation. */
const HEADER_BYTES = 100_000_000;

const count = countTo(Number.MAX_SAFE_INTEGER, 0);
const entry = strict({
  dtype: v.string(),
  shape: v.pipe(v.array(count), v.maxLength(64, 'at most 64 dimensions')),
  data_offsets: v.tuple([count, count], 'two numbers of bytes'),
});
export type TensorEntry = v.InferOutput<typeof entry>;

/** Returns the tensors of the header of a `.safetensors` file, each with its place in the data. */
export function readHeader(bytes: Uint8Array): {
  entries: readonly (readonly [string, TensorEntry])[];
  data: Uint8Array;
} {
  const other = otherFormat(bytes);
  if (other !== undefined) throw invalid('.safetensors file', other, 'a file of the format safetensors');
  if (bytes.length < 8) throw invalid('.safetensors file', `${bytes.length} bytes`, 'at least 8');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const most = Math.min(HEADER_BYTES, bytes.length - 8);
  if (length > BigInt(most)) {
    const found = `header of ${length} bytes in a file of ${bytes.length}`;
    throw invalid(
      '.safetensors file',
      found,
      'a header within the file; is it truncated, or of another format?',
    );
  }
  const end = 8 + Number(length);
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, end));
    parsed = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(invalid('.safetensors header', (cause as Error).message, 'JSON'), { cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw invalid('.safetensors header', `${twice} twice`, 'each name once');
  const names = readSchema('.safetensors header', mapOf(v.unknown(), 1_000_000), parsed);
  names.delete('__metadata__');
  const entries = [...readSchema('.safetensors header', mapOf(entry, 1_000_000), Object.fromEntries(names))];
  for (const [name, one] of entries) checkSize(name, one);
  const data = bytes.subarray(end);
  checkPlaces(entries, data.length);
  return { entries, data };
}

/** Returns what a file is that often stands in the place of the wanted one. */
function otherFormat(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200)).trimStart().toLowerCase();
  if (bytes.length === 0) return 'an empty file';
  if (start.startsWith('version https://git-lfs'))
    return 'a Git LFS pointer; fetch the file with git lfs pull';
  if (/^<(!doctype|html|\?xml)/.test(start)) return 'a web page';
  if (start.startsWith('pk\u0003\u0004')) return 'a zip archive, as torch.save writes';
  if (start.startsWith('\u0080\u0002')) return 'a Python pickle';
  if (start.startsWith('\u0089hdf')) return 'an HDF5 file';
  if (start.startsWith('gguf')) return 'a GGUF file';
  return undefined;
}

function checkSize(name: string, { dtype, shape, data_offsets: [from, to] }: TensorEntry): void {
  if (!Object.hasOwn(bitsOf, dtype))
    throw unknown(`.safetensors dtype of ${name}`, dtype, Object.keys(bitsOf));
  const size = (lengthOf(shape) * bitsOf[dtype]!) / 8;
  if (!Number.isSafeInteger(size)) {
    throw invalid(`.safetensors shape of ${name}`, shape, 'a whole number of bytes below 2^53');
  }
  if (to - from !== size) {
    const expected = `${size} bytes, [${shape.join(', ')}] of ${dtype}`;
    throw invalid(`.safetensors data of ${name}`, `${to - from} bytes`, expected);
  }
}

/** The data of the tensors lie one after the other, to the end of the file: nothing is shared or left over. */
function checkPlaces(entries: readonly (readonly [string, TensorEntry])[], length: number): void {
  const places = entries.map(
    ([
      name,
      {
        data_offsets: [from, to],
      },
    ]) => ({ name, from, to }),
  );
  places.sort((one, other) => one.from - other.from || one.to - other.to);
  let end = 0;
  for (const { name, from, to } of places) {
    const thing = `.safetensors place of ${name}`;
    if (to > length)
      throw invalid(thing, `${from} to ${to}`, `within the ${length} bytes of data; is it truncated?`);
    if (from !== end)
      throw invalid(thing, `${from} to ${to}`, `from ${end}, where the tensor before it ends`);
    end = to;
  }
  if (end !== length) throw invalid('.safetensors data', `${length} bytes`, `${end}, as the tensors have`);
}

/** Returns how many numbers a shape has. */
export function lengthOf(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
}

/** Bits a number, of all types the format knows. */
export const bitsOf: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    4: 'F4',
    6: 'F6_E2M3 F6_E3M2',
    8: 'BOOL U8 I8 F8_E4M3 F8_E5M2 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ',
    16: 'U16 I16 F16 BF16',
    32: 'U32 I32 F32',
    64: 'U64 I64 F64 C64',
  }).flatMap(([bits, names]) => names.split(' ').map((name) => [name, Number(bits)])),
);
