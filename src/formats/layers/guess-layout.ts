import { range } from '../axes.js';
import type { Layout, NamedTensor } from '../model-file.js';
import { kernelLayout } from './kernel-layout.js';

type Shapes = ReadonlyMap<string, readonly number[]>;

/** Kernel positions of a convolution along one axis; longer axes are inputs. */
const LONGEST_KERNEL = 31;

/**
 * Returns the layout of a tensor with a known name and shape only. It is that of torch, [outputs, inputs, positions],
 * or that of Keras and Flax where the name ends in `kernel`. The length of the bias beside it tells which axis has the
 * outputs.
 * @param shapes those of all tensors of the file
 */
export function guessLayout({ name, shape }: NamedTensor, shapes: Shapes): Layout | undefined {
  const byName = kernelLayout(name, shape);
  if (byName) return byName;
  const rest = range(1, shape.length);
  const bias = biasLength(name, shapes);
  if (/expert|moe/i.test(name) && shape.length === 3) return expertLayout(name, shape, shapes);
  if (shape.length === 2) {
    if (isEmbedding(name)) return { kind: 'embedding', rows: [0], columns: [1] };
    const isLast = isGpt2(name, shapes) || (bias === shape[1] && bias !== shape[0]);
    if (/weight_(ih|hh)|recurrent/.test(name)) return { kind: 'recurrent', rows: [0], columns: [1] };
    return isLast ? { kind: 'linear', rows: [1], columns: [0] } : { kind: 'linear', rows: [0], columns: [1] };
  }
  const isStack = shape.length === 3 && shape[2]! > LONGEST_KERNEL;
  if (isStack) {
    // [1, positions, width]: what is added to tokens
    if (shape[0] === 1) return { kind: 'embedding', rows: [0, 1], columns: [2] };
    return { kind: 'other', each: [0], rows: [1], columns: [2] };
  }
  if (shape.length < 3) return undefined;
  if (shape[1] === 1 && shape[0]! > 1) return { kind: 'depthwise convolution', rows: [0], columns: rest };
  if (bias === shape[1] && bias !== shape[0])
    return { kind: 'transposed convolution', rows: [1], columns: [0, ...range(2, shape.length)] };
  return { kind: shape.length > 5 ? 'other' : 'convolution', rows: [0], columns: rest };
}

/** Each expert is a matrix; only a bias tells which axis has the outputs. */
function expertLayout(name: string, shape: readonly number[], shapes: Shapes): Layout {
  const bias = shapes.get(`${name}_bias`) ?? shapes.get(name.replace(/weight$/, 'bias'));
  const isLast = bias?.length === 2 && bias[1] === shape[2] && bias[1] !== shape[1];
  return isLast
    ? { kind: 'experts', each: [0], rows: [2], columns: [1] }
    : { kind: 'experts', each: [0], rows: [1], columns: [2] };
}

function isEmbedding(name: string): boolean {
  return /(^|[._/])(\w*embed\w*|wte|wpe|\w*emb)([._/]|$)/i.test(name) && !/proj/i.test(name);
}

function biasLength(name: string, shapes: Shapes): number | undefined {
  const bias = shapes.get(name.replace(/weight([^.]*)$/, 'bias$1'));
  return bias?.length === 1 ? bias[0] : undefined;
}

/** GPT-2 of transformers has its linear layers as `Conv1D`, inputs first: the fused projection beside them tells. */
function isGpt2(name: string, shapes: Shapes): boolean {
  const [, block] =
    /^(.*\bh\.\d+\.)(attn|mlp|crossattention)\.(c_attn|c_proj|c_fc|q_attn)\.weight$/.exec(name) ?? [];
  if (block === undefined) return false;
  const fused = shapes.get(`${block}attn.c_attn.weight`);
  return fused?.length === 2 && fused[1] === 3 * fused[0]!;
}
