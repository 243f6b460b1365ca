import { isFloat } from './dtypes.js';
import { lengthOf } from './elements.js';
import type { ModelFile, NamedTensor, Skipped } from './model-file.js';
import { scaledTensor } from './scaled-tensor.js';

/** Endings that make the name of a weight the name of its scale. `_scale_inv` is a factor too, despite its name. */
const suffixes = ['_scale', '_scale_inv'];

/**
 * Returns the model with the scales of float8 and int8 weights applied. There is one for the tensor, for each row, or
 * for each block, as in `weight_scale` or `weight_scale_inv`. A weight whose scale cannot be applied is skipped.
 */
export async function withScales(model: ModelFile): Promise<ModelFile> {
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const unread = new Set(model.skipped.map(({ name }) => name));
  const skipped: Skipped[] = [];
  const used = new Map<string, string>();
  const tensors: NamedTensor[] = [];
  for (const tensor of model.tensors) {
    if (!/^(float8|int8)/.test(tensor.dtype) || tensor.quantisation || tensor.shape.length < 2) {
      tensors.push(tensor);
      continue;
    }
    const name = scaleNames(tensor.name).find((one) => byName.has(one) || unread.has(one));
    if (name === undefined) {
      tensors.push(tensor);
      continue;
    }
    used.set(name, tensor.name);
    const scale = byName.get(name);
    const scaled = scale && (await apply(tensor, scale));
    if (scaled) tensors.push(scaled);
    else skipped.push({ name: tensor.name, reason: `its scale ${name} cannot be applied` });
  }
  for (const [name, weight] of used) skipped.push({ name, reason: `the scale of ${weight}` });
  return {
    ...model,
    tensors: tensors.filter(({ name }) => !used.has(name)),
    skipped: [...model.skipped.filter(({ name }) => !used.has(name)), ...skipped],
  };
}

function scaleNames(weight: string): string[] {
  const beside = weight.replace(/weight$/, 'scale_weight');
  return [...suffixes.map((suffix) => weight + suffix), ...(beside === weight ? [] : [beside])];
}

/** Scales of a tensor are few; more than this are numbers of another meaning. */
const MAX_SCALES = 2 ** 26;

async function apply(tensor: NamedTensor, scale: NamedTensor): Promise<NamedTensor | undefined> {
  const { shape } = tensor;
  const count = lengthOf(scale.shape);
  if (!isFloat(scale.dtype) || count === 0 || count > MAX_SCALES) return undefined;
  const scales = await scale.read(0, count);
  const ones = shape.map(() => 1);
  if (count === 1) return scaledTensor(tensor, { scales, shape: ones });
  // one per row: [rows], [rows, 1]; experts have one more axis in front
  const isRows = scale.shape.length === 1 && count === shape[0];
  const full = isRows ? [count, ...ones.slice(1)] : [...scale.shape];
  while (full.length < shape.length) full.push(1);
  if (full.length !== shape.length) return undefined;
  const blocks = full.map((n, axis) => blockOf(shape[axis]!, n));
  if (blocks.some((size) => size === undefined)) return undefined;
  return scaledTensor(tensor, { scales, shape: full, blocks: blocks as number[] });
}

/** Returns how many indices share a scale: all, one, 128 as usual, or another power of 2. */
function blockOf(length: number, scales: number): number | undefined {
  const sizes = [length, 1, 128, 64, 32, 16, 256, 512, 8, 4, 2];
  return sizes.find((size) => Math.ceil(length / size) === scales);
}
