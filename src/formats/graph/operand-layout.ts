import { range } from '../axes.js';
import type { Layout } from '../model-file.js';
import type { GraphNode } from '../model-graph.js';

type Rule = (node: GraphNode, operand: number, shape: readonly number[]) => Layout | undefined;

/** ONNX: [outputs, inputs / groups, positions]. */
const torchConvolution =
  (at: number): Rule =>
  (node, operand, shape) => {
    if (operand !== at || shape.length < 3) return undefined;
    const groups = count(node, 'group') ?? 1;
    const columns = range(1, shape.length);
    if (groups > 1 && shape[1] === 1) return { kind: 'depthwise convolution', rows: [0], columns };
    return { kind: 'convolution', rows: [0], columns, groups };
  };

/**
 * TensorFlow: [positions, inputs, outputs]. If the filter has fewer inputs there are groups, but the graph does not
 * tell.
 */
const tensorflowConvolution: Rule = (_, operand, shape) => {
  const last = shape.length - 1;
  if (operand !== 1 || last < 2) return undefined;
  return { kind: 'convolution', rows: [last], columns: [last - 1, ...range(0, last - 1)] };
};

const tensorflowDepthwise: Rule = (_, operand, shape) =>
  operand === 1 && shape.length === 4
    ? { kind: 'depthwise convolution', rows: [2, 3], columns: [0, 1] }
    : undefined;

const product: Rule = (node, operand, shape) => {
  const last = shape.length - 1;
  if (last < 1 || operand > 1) return undefined;
  const keys = operand === 0 ? ['transpose_a', 'adj_x', 'transA'] : ['transpose_b', 'adj_y', 'transB'];
  const isTransposed = keys.some((key) => truthy(node, key));
  // x W has its outputs last, W x first
  const outputsLast = (operand === 1) !== isTransposed;
  const [rows, columns] = outputsLast ? [[last], [last - 1]] : [[last - 1], [last]];
  return { kind: 'linear', rows, columns, each: range(0, last - 1) };
};

const recurrent: Rule = (_, operand, shape) =>
  (operand === 1 || operand === 2) && shape.length === 3
    ? { kind: 'recurrent', each: [0], rows: [1], columns: [2] }
    : undefined;

const lookUp: Rule = (_, operand, shape) =>
  operand === 0 && shape.length >= 2
    ? { kind: 'embedding', rows: range(0, shape.length - 1), columns: [shape.length - 1] }
    : undefined;

/** Operations with weights, by the names of ONNX and TensorFlow. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Conv', torchConvolution(1)],
  ['FusedConv', torchConvolution(1)],
  ['NhwcConv', torchConvolution(1)],
  ['ConvInteger', torchConvolution(1)],
  ['QLinearConv', torchConvolution(3)],
  [
    'ConvTranspose',
    (node, operand, shape) =>
      operand === 1 && shape.length > 2
        ? {
            kind: 'transposed convolution',
            rows: [1],
            columns: [0, ...range(2, shape.length)],
            groups: count(node, 'group') ?? 1,
          }
        : undefined,
  ],
  ['Conv2D', tensorflowConvolution],
  ['Conv3D', tensorflowConvolution],
  ['_FusedConv2D', tensorflowConvolution],
  ['FusedConv2D', tensorflowConvolution],
  ['DepthwiseConv2dNative', tensorflowDepthwise],
  ['DepthwiseConv2d', tensorflowDepthwise],
  ['FusedDepthwiseConv2dNative', tensorflowDepthwise],
  [
    'Conv2DBackpropInput',
    (_, operand, shape) =>
      operand === 1 && shape.length === 4
        ? { kind: 'transposed convolution', rows: [2], columns: [3, 0, 1] }
        : undefined,
  ],
  ...['MatMul', '_FusedMatMul', 'FusedMatMul', 'BatchMatMul', 'BatchMatMulV2', 'Gemm', 'MatMulInteger'].map(
    (op): [string, Rule] => [op, product],
  ),
  [
    'QLinearMatMul',
    (node, operand, shape) =>
      operand === 3 ? product(node, 1, shape) : operand === 0 ? product(node, 0, shape) : undefined,
  ],
  ['QGemm', (node, operand, shape) => (operand === 3 ? product(node, 1, shape) : undefined)],
  ['Attention', (node, operand, shape) => (operand === 1 ? product(node, 1, shape) : undefined)],
  ['LSTM', recurrent],
  ['GRU', recurrent],
  ['RNN', recurrent],
  [
    'DynamicQuantizeLSTM',
    (_, operand, shape) =>
      (operand === 1 || operand === 2) && shape.length === 3
        ? { kind: 'recurrent', each: [0], rows: [2], columns: [1] }
        : undefined,
  ],
  ['Gather', lookUp],
  ['GatherV2', lookUp],
  ['ResourceGather', lookUp],
]);

/** Returns the layout of an operand that is the weights of an operation; undefined for any other. */
export function operandLayout(
  node: GraphNode,
  operand: number,
  shape: readonly number[],
): Layout | undefined {
  return rules.get(node.op)?.(node, operand, shape);
}

function count({ attributes }: GraphNode, key: string): number | undefined {
  const value = attributes.get(key);
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : undefined;
}

function truthy({ attributes }: GraphNode, key: string): boolean {
  const value = attributes.get(key);
  return value === true || value === 1;
}
