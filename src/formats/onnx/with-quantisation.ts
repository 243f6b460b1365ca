import { isFloat } from '../dtypes.js';
import { lengthOf } from '../elements.js';
import type { ModelFile, NamedTensor, Skipped } from '../model-file.js';
import { scaledTensor } from '../scaled-tensor.js';

/** Where an operation has a weight, its scale and its zero point, by the numbers of its inputs. */
const operands: ReadonlyMap<string, readonly (readonly [weight: number, scale: number, zero: number])[]> =
  new Map([
    ['DequantizeLinear', [[0, 1, 2]]],
    ['QLinearConv', [[3, 4, 5]]],
    [
      'QLinearMatMul',
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    ['QGemm', [[3, 4, 5]]],
    [
      'DynamicQuantizeLSTM',
      [
        [1, 8, 9],
        [2, 10, 11],
      ],
    ],
  ]);

/** Copies of copies through which a value is followed. */
const MAX_STEPS = 8;

/** Operations of weights that are packed into bytes. */
const packed = /^(MatMulNBits|MatMulBnb4|GatherBlockQuantized|DequantizeBFP|MatMulFpQ4|QMoE)$/;

/**
 * Returns an ONNX model with the scales of its integer weights applied. The scales are those of DequantizeLinear and of
 * the operations on integers; those of MatMulInteger and ConvInteger are found by the names that ONNX Runtime gives:
 * W_quantized, W_scale.
 */
export async function withQuantisation(model: ModelFile): Promise<ModelFile> {
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const nodes = model.graph?.nodes ?? [];
  const copies = new Map(
    nodes.filter(({ op }) => op === 'Identity').map(({ inputs, outputs }) => [outputs[0], inputs[0] ?? '']),
  );
  /** Returns the name of the tensor that a value is a copy of. */
  const sourceOf = (value: string): string => {
    let name = value;
    for (let step = 0; step < MAX_STEPS && copies.has(name); step++) name = copies.get(name)!;
    return name;
  };
  const replaced = new Map<string, NamedTensor>();
  const used = new Map<string, string>();
  const skipped: Skipped[] = [];
  const apply = async (weight: string, scaleOf: string, zeroOf: string, axis: unknown, block = 0) => {
    const [name, scaleName, zeroName] = [sourceOf(weight), sourceOf(scaleOf), sourceOf(zeroOf)];
    const tensor = byName.get(name);
    const scale = byName.get(scaleName);
    if (!tensor || !scale || isFloat(tensor.dtype) || replaced.has(name) || tensor.shape.length < 2) return;
    const zero = byName.get(zeroName);
    const scaled = await scaledBy(tensor, scale, zero, typeof axis === 'number' ? axis : 1, block);
    if (!scaled) return;
    replaced.set(name, scaled);
    used.set(scaleName, name);
    if (zero) used.set(zeroName, name);
  };
  for (const { op, inputs, attributes } of nodes) {
    const block = attributes.get('block_size');
    for (const [weight, scale, zero] of operands.get(op) ?? [])
      await apply(
        inputs[weight] ?? '',
        inputs[scale] ?? '',
        inputs[zero] ?? '',
        op === 'DequantizeLinear' ? attributes.get('axis') : op === 'QLinearConv' ? 0 : -1,
        typeof block === 'number' ? block : 0,
      );
    if (packed.test(op))
      for (const input of inputs.slice(1)) {
        if (byName.delete(input))
          skipped.push({ name: input, reason: `packed for ${op}: several weights in a byte` });
      }
    if (op === 'MatMulInteger' || op === 'ConvInteger') {
      const base = inputs[1]?.replace(/_quantized$/, '') ?? '';
      await apply(inputs[1] ?? '', `${base}_scale`, `${base}_zero_point`, op === 'ConvInteger' ? 0 : -1);
    }
  }
  for (const [name, weight] of used) {
    byName.delete(name);
    skipped.push({ name, reason: `the scale or zero point of ${weight}` });
  }
  const tensors = model.tensors.filter(({ name }) => byName.has(name));
  return {
    ...model,
    tensors: tensors.map((tensor) => replaced.get(tensor.name) ?? tensor),
    skipped: [...model.skipped, ...skipped],
  };
}

/** Numbers of scales that are read when a model is opened. */
const MAX_SCALES = 2 ** 24;

async function scaledBy(
  tensor: NamedTensor,
  scale: NamedTensor,
  zero: NamedTensor | undefined,
  axis: number,
  block: number,
): Promise<NamedTensor | undefined> {
  const count = lengthOf(scale.shape);
  const at = axis < 0 ? axis + tensor.shape.length : axis;
  if (!isFloat(scale.dtype) || count > MAX_SCALES || (zero && lengthOf(zero.shape) !== count))
    return undefined;
  const scales = await scale.read(0, count);
  const zeros = zero && (await zero.read(0, count));
  const ones = tensor.shape.map(() => 1);
  if (count === 1) return scaledTensor(tensor, { scales, zeros, shape: ones });
  if (block > 0 && scale.shape.length === tensor.shape.length) {
    const blocks = tensor.shape.map((_, i) => (i === at ? block : 1));
    if (tensor.shape.some((n, i) => Math.ceil(n / blocks[i]!) !== scale.shape[i])) return undefined;
    return scaledTensor(tensor, { scales, zeros, shape: scale.shape, blocks });
  }
  if (tensor.shape[at] !== count) return undefined;
  return scaledTensor(tensor, { scales, zeros, shape: ones.map((one, i) => (i === at ? count : one)) });
}
