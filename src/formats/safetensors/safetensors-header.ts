import * as v from 'valibot';
import { invalid, unknown } from '../../errors.js';
import { duplicateKey } from '../../files/duplicate-key.js';
import { countTo, mapOf, readSchema, strict } from '../../schema.js';
import { type ByteSource, partOf } from '../byte-source.js';
import { lengthOf } from '../elements.js';
import { foreignFile, otherFormat } from '../foreign-file.js';

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
export function readHeader(source: ByteSource): {
  entries: readonly (readonly [string, TensorEntry])[];
  data: ByteSource;
} {
  const start = source.read(0, Math.min(source.size, 200));
  const other = foreignFile(start) ?? otherFormat(start);
  if (other !== undefined) throw invalid('.safetensors file', other, 'a file of the format safetensors');
  if (start.length < 8) throw invalid('.safetensors file', `${start.length} bytes`, 'at least 8');
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  const max = Math.min(HEADER_BYTES, source.size - 8);
  if (length > BigInt(max)) {
    const found = `header of ${length} bytes in a file of ${source.size}`;
    const allowed = 'a header within the file, of at most 100 MB; is it truncated, or of another format?';
    throw invalid('.safetensors file', found, allowed);
  }
  const end = 8 + Number(length);
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source.read(8, end - 8));
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
  const data = partOf(source, end, source.size - end);
  checkPlaces(entries, data.size);
  return { entries, data };
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

/** Checks that the data of the tensors follow one another to the end of the file. Nothing is shared or left over. */
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
