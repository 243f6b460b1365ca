import * as v from 'valibot';
import { invalid, missing } from '../../errors.js';
import { countTo, listOf, loose, numberThat, textTo } from '../../schema.js';
import type { ByteSource } from '../byte-source.js';
import { type TensorDtype, formOf } from '../dtypes.js';
import { lengthOf, storedElements } from '../elements.js';
import type { NamedTensor, Skipped } from '../model-file.js';
import { scaledTensor } from '../scaled-tensor.js';
import { tensorOf } from '../tensor-of.js';

const finite = numberThat(() => true, 'a finite number');

const weightSchema = loose({
  name: textTo(10_000),
  shape: listOf(countTo(Number.MAX_SAFE_INTEGER, 0), 64, 0),
  dtype: v.string(),
  quantization: v.optional(
    loose({
      dtype: v.picklist(['uint8', 'uint16', 'float16'], 'uint8, uint16, float16'),
      scale: v.optional(finite),
      min: v.optional(finite),
    }),
  ),
});
type Weight = v.InferOutput<typeof weightSchema>;

/** A file in the folder of the model or below it: never out of it, and no address. */
const pathSchema = v.pipe(
  textTo(1000),
  v.check(
    (path) => !/^[/\\]|^[a-z]+:|\\|\0/i.test(path) && !path.split('/').includes('..'),
    'the path of a file in the folder of the model',
  ),
);

export const manifestSchema = listOf(
  loose({ paths: listOf(pathSchema, 1_000_000), weights: listOf(weightSchema, 1_000_000, 0) }),
  1_000_000,
  0,
);
export type WeightsManifest = v.InferOutput<typeof manifestSchema>;

/**
 * Returns the tensors of a group: their numbers lie one after the other in its files, joined. Quantised integers are
 * scale x stored + min.
 * @throws RangeError where the files have more or fewer bytes than the tensors
 */
export function readManifestGroup(
  bytes: ByteSource,
  weights: readonly Weight[],
): { tensors: NamedTensor[]; skipped: Skipped[] } {
  const tensors: NamedTensor[] = [];
  const skipped: Skipped[] = [];
  let offset = 0;
  for (const { name, shape, dtype, quantization } of weights) {
    const stored = storedType(quantization?.dtype ?? dtype);
    const length = lengthOf(shape);
    if (dtype === 'string') {
      offset = endOfTexts(bytes, offset, length, name);
      skipped.push({ name, reason: 'text' });
      continue;
    }
    const size = dtype === 'complex64' ? 8 * length : stored ? formOf(stored).size * length : NaN;
    if (Number.isNaN(size)) throw invalid(`dtype of ${name}`, dtype, 'float32, float16, int32, bool, string');
    if (offset + size > bytes.size) throw short(bytes, name, offset + size);
    if (!stored) skipped.push({ name, reason: `numbers of type ${dtype} are not read` });
    else {
      const tensor = tensorOf(name, shape, storedElements(bytes, offset, length, stored));
      tensors.push(quantization ? dequantised(tensor, dtype, quantization) : tensor);
    }
    offset += size;
  }
  if (offset !== bytes.size)
    throw invalid('weights', `${bytes.size} bytes in ${bytes.name}`, `${offset}, as the manifest says`);
  return { tensors, skipped };
}

/** Returns the numbers of which integers or halves are stored. TensorFlow.js rounds those of int32. */
function dequantised(
  tensor: NamedTensor,
  dtype: string,
  { dtype: stored, scale, min }: NonNullable<Weight['quantization']>,
): NamedTensor {
  const { name, shape } = tensor;
  const allowed = stored === 'float16' ? ['float32'] : ['float32', 'int32'];
  if (!allowed.includes(dtype))
    throw invalid(`dtype of ${name}, which is stored as ${stored}`, dtype, allowed.join(', '));
  if (stored === 'float16') return tensor;
  if (scale === undefined || min === undefined)
    throw missing(`quantization of ${name}`, stored, 'expected its scale and min');
  const scaled = scaledTensor(tensor, { scales: [scale], shape: shape.map(() => 1), min });
  if (dtype === 'float32') return scaled;
  const read = async (start: number, count: number) => (await scaled.read(start, count)).map(Math.round);
  return { ...tensor, dtype: 'int32', read };
}

function storedType(dtype: string): TensorDtype | undefined {
  const known: readonly TensorDtype[] = [
    'float32',
    'float16',
    'int32',
    'bool',
    'uint8',
    'uint16',
    'float64',
    'int64',
  ];
  return known.find((one) => one === dtype);
}

/** Texts lie each behind its length, of 4 bytes. */
function endOfTexts(bytes: ByteSource, offset: number, count: number, name: string): number {
  let at = offset;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.size) throw short(bytes, name, at + 4);
    at += 4 + new DataView(bytes.read(at, 4).slice().buffer).getUint32(0, true);
  }
  if (at > bytes.size) throw short(bytes, name, at);
  return at;
}

function short(bytes: ByteSource, name: string, end: number): RangeError {
  const found = `${bytes.size} bytes in ${bytes.name}`;
  return invalid('weights', found, `at least ${end}, where ${name} ends; is a file truncated?`);
}
