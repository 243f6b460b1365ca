import type { Layout, ModelFile, NamedTensor } from '../model-file.js';
import { einsumLayout } from './einsum-layout.js';
import { operandLayout } from './operand-layout.js';
import { type Use, usesIn } from './uses.js';

/**
 * Returns the model with the layout of each tensor that its graph uses as weights. The tensors have two or more
 * dimensions. One that only other operations use, such as an addition, is marked with their names.
 */
export function withLayouts(model: ModelFile): ModelFile {
  if (!model.graph) return model;
  const usesOf = usesIn(model.graph);
  const tensors: NamedTensor[] = [];
  for (const tensor of model.tensors) {
    const uses = tensor.shape.length > 1 ? usesOf(tensor.name, tensor.shape.length) : [];
    const layout = uses.map((use) => layoutOf(use, tensor)).find((one) => one !== undefined);
    // what becomes of parts is not followed: name and shape have to do
    const isMoved = uses.some(({ node }) => moving.has(node.op));
    const isVector = tensor.shape.filter((n) => n > 1).length < 2;
    if (layout) tensors.push({ ...tensor, layout });
    else if (uses.length === 0 || isMoved || isVector) tensors.push(tensor);
    else {
      const ops = [...new Set(uses.map(({ node }) => node.op))].sort().slice(0, 4).join(', ');
      tensors.push({ ...tensor, noLayer: `no weights of a layer: it goes into ${ops}` });
    }
  }
  return { ...model, tensors };
}

/** Operations that take weights apart or put them together, such as the gates of a recurrent layer. */
const moving = new Set(
  [
    'Slice',
    'StridedSlice',
    'Split',
    'SplitV',
    'Concat',
    'ConcatV2',
    'Reshape',
    'Squeeze',
    'Unsqueeze',
  ].concat([
    'Pack',
    'Unpack',
    'Expand',
    'Tile',
    'If',
    'Loop',
    'While',
    'StatelessWhile',
    'StatelessIf',
    'PartitionedCall',
  ]),
);

/** Returns the layout of a tensor by one of its uses, in its own axes. */
function layoutOf({ node, operand, axes }: Use, { shape }: NamedTensor): Layout | undefined {
  const seen = axes.map((axis) => (axis === null ? 1 : shape[axis]!));
  const layout =
    node.op === 'Einsum' ? einsumLayout(node, operand, seen.length) : operandLayout(node, operand, seen);
  if (!layout) return undefined;
  const own = (list: readonly number[] = []) =>
    list.map((axis) => axes[axis]).filter((axis) => axis !== null && axis !== undefined) as number[];
  return { ...layout, rows: own(layout.rows), columns: own(layout.columns), each: own(layout.each) };
}
