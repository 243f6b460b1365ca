import { isFloat } from '../dtypes.js';
import { lengthOf } from '../elements.js';
import type { Layout, ModelFile, NamedTensor, Skipped } from '../model-file.js';
import { findAdapters } from './find-adapters.js';
import { guessLayout } from './guess-layout.js';
import { mayBeGrouped } from './may-be-grouped.js';
import { matricesOf } from './matrix-of.js';
import { normalizationsOf } from './normalizations.js';
import { packedModules } from './packed-modules.js';
import { splitFused } from './split-fused.js';
import { whyNoLayer } from './why-no-layer.js';
import type { WeightMatrix } from './weight-matrix.js';

/** The layers of a model, and the tensors left out, each with the reason. */
export interface ModelLayers {
  readonly layers: readonly WeightMatrix[];
  readonly skipped: readonly Skipped[];
}

/**
 * Returns the layers of a model as matrices, one row per output, in the order of the file. Convolutions are outputs x
 * (inputs and positions), grouped ones one matrix per group where the file says so, depthwise ones a bank of filters; each
 * expert of a stack is a matrix, and each part of a fused projection; the halves of a low-rank adapter are one, their product. Numbers are read when a matrix is asked for them.
 */
export function layersOf(model: ModelFile): ModelLayers {
  const layers: WeightMatrix[] = [];
  const adapters = findAdapters(model.tensors);
  const skipped: Skipped[] = [...model.skipped, ...adapters.skipped];
  const shapes = new Map(model.tensors.map(({ name, shape }) => [name, shape]));
  const normalizations = normalizationsOf(model);
  const partOfPacked = packedModules(model.tensors);
  /** Returns the layout of a layer's tensor, or the reason why the tensor is not a layer. */
  const layoutOf = (tensor: NamedTensor): Layout | string => {
    const reason = whyNoLayer(tensor) ?? partOfPacked(tensor);
    if (reason !== undefined) return reason;
    const layout = tensor.layout ?? guessLayout(tensor, shapes);
    if (!layout) return 'a vector, of a kind that its name does not tell';
    return misfit(tensor, layout) ?? layout;
  };
  for (const [i, tensor] of model.tensors.entries()) {
    const adapter = adapters.layers.get(tensor.name);
    if (adapter) layers.push(adapter);
    if (adapters.parts.has(tensor.name)) continue;
    const layout = layoutOf(tensor);
    if (typeof layout === 'string') {
      skipped.push({ name: tensor.name, reason: layout });
      continue;
    }
    const notes: string[] = [];
    const previous = model.tensors.slice(Math.max(0, i - 8), i).reverse();
    if (mayBeGrouped(tensor, layout, previous))
      notes.push('maybe a grouped convolution; taken as one matrix, since the file does not say');
    const normalization = normalizations.get(tensor.name);
    for (const matrix of matricesOf(tensor, layout, { notes, normalization }))
      layers.push(...splitFused(matrix));
  }
  return { layers, skipped };
}

/** Returns the reason why a layout does not fit the tensor, as in a damaged graph. */
function misfit(
  { shape }: NamedTensor,
  { rows, columns, each = [], groups = 1, kind }: Layout,
): string | undefined {
  const axes = [...rows, ...columns, ...each].sort((one, other) => one - other);
  if (axes.length !== shape.length || axes.some((axis, i) => axis !== i))
    return `its ${shape.length} axes are not those of a layer of its kind (${kind})`;
  const split = lengthOf((kind === 'transposed convolution' ? columns : rows).map((axis) => shape[axis]!));
  if (split % groups !== 0) return `its ${split} channels are not ${groups} equal groups`;
  return undefined;
}

/** Whether the numbers of this tensor are weights without conversion. */
export function areWeights({ dtype, quantisation }: NamedTensor): boolean {
  return isFloat(dtype) || quantisation !== undefined;
}
