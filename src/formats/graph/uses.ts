import type { GraphNode, ModelGraph } from '../model-graph.js';

/** An operation that takes a tensor, as it is or with its axes in another order. */
export interface Use {
  readonly node: GraphNode;
  /** The number of the node's input. */
  readonly operand: number;
  /** For each axis of the operand the axis of the tensor. It is null for an axis of length 1 that was added. */
  readonly axes: readonly (number | null)[];
}

/** Operations whose output has the values of their input. */
const same = new Set([
  'Identity',
  'Cast',
  'CastLike',
  'Enter',
  'ReadVariableOp',
  'StopGradient',
  'DequantizeLinear',
  'QuantizeLinear',
  'Dropout',
]);

/** Operations through which a tensor is followed. */
const MAX_STEPS = 8;

/** Returns a function that gives the uses of a tensor of the given number of axes. */
export function usesIn(graph: ModelGraph): (name: string, axes: number) => Use[] {
  const consumers = new Map<string, { node: GraphNode; operand: number }[]>();
  for (const node of graph.nodes)
    node.inputs.forEach((input, operand) => {
      const list = consumers.get(input);
      if (list) list.push({ node, operand });
      else consumers.set(input, [{ node, operand }]);
    });
  const follow = (name: string, axes: readonly (number | null)[], steps: number): Use[] =>
    (consumers.get(name) ?? []).flatMap(({ node, operand }) => {
      const next = steps < MAX_STEPS && operand === 0 ? axesBehind(node, axes) : undefined;
      if (!next) return [{ node, operand, axes }];
      return node.outputs.slice(0, 1).flatMap((output) => follow(output, next, steps + 1));
    });
  return (name, axes) =>
    follow(
      name,
      Array.from({ length: axes }, (_, i) => i),
      0,
    );
}

/** Returns the axes of an operation's output; undefined if it changes more than their order. */
function axesBehind(node: GraphNode, axes: readonly (number | null)[]): (number | null)[] | undefined {
  if (same.has(node.op)) return [...axes];
  if (node.op === 'Transpose') {
    const order = node.attributes.get('perm');
    const perm = Array.isArray(order) ? (order as number[]) : axes.map((_, i) => axes.length - 1 - i);
    if (perm.length !== axes.length) return undefined;
    const moved = perm.map((i) => axes[i]);
    return moved.some((axis) => axis === undefined) ? undefined : (moved as (number | null)[]);
  }
  // a convolution along one axis is one of two dimensions in TensorFlow
  if (node.op === 'ExpandDims' && axes.length === 3) return [null, ...axes];
  return undefined;
}
