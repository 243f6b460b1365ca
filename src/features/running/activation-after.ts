import type { ActivationName } from '../../activations/definitions.js';
import type { GraphNode } from '../../formats/model-graph.js';
import type { GraphValues } from './graph-values.js';

/** Nonlinear elementwise operations, by the names of ONNX, TensorFlow and Keras. */
const bending = new Set([
  ...['Relu', 'Relu6', 'ReLU', 'LeakyRelu', 'LeakyReLU', 'Elu', 'ELU', 'Selu', 'Celu', 'PRelu', 'PReLU'],
  ...[
    'Prelu',
    'ThresholdedRelu',
    'ThresholdedReLU',
    'Clip',
    'ClipByValue',
    'Minimum',
    'Maximum',
    'Min',
    'Max',
  ],
  ...['Sigmoid', 'HardSigmoid', 'HardSwish', 'Tanh', 'Softplus', 'Softsign', 'Mish', 'Swish', 'Silu', 'SiLU'],
  ...['Gelu', 'FastGelu', 'QuickGelu', 'BiasGelu', 'Erf', 'Exp', 'Abs', 'Activation'],
]);
/** Those that are usually one factor of an activation: Sigmoid of SiLU, Erf of GELU. */
const factors = new Set(['Sigmoid', 'HardSigmoid', 'Tanh', 'Softplus', 'Erf', 'Exp', 'Abs']);
/** Arithmetic operations that an activation may consist of. */
const arithmetic = new Set([
  ...['Add', 'AddV2', 'Sub', 'Mul', 'Div', 'RealDiv', 'Pow', 'Square', 'Neg', 'Identity', 'Cast', 'Log'],
]);
/** Limits that may follow an activation, as some write ReLU6: min(relu(x), 6). */
const limits = new Set(['Minimum', 'Maximum', 'Min', 'Max', 'Clip', 'ClipByValue', 'Relu']);
/** A factor that may follow an activation. */
const factoring = new Set(['Mul', 'Div', 'RealDiv']);
const MAX_NODES = 16;

/** An activation in a graph. */
export interface FoundActivation {
  /** The value behind the activation. */
  readonly value: string;
  /** Its operations, in order: `Sigmoid, Mul`. */
  readonly ops: readonly string[];
  /** The built-in activation that it is; null for any other. */
  readonly name: ActivationName | null;
}

/**
 * Returns the activation that a value enters. It is the smallest set of elementwise operations that begins at the
 * value, contains one nonlinear operation, and has one output: `x · sigmoid(x)` as well as `Relu`.
 */
export function activationAfter(
  value: string,
  graph: GraphValues,
  sizes: ReadonlyMap<string, number>,
): FoundActivation | undefined {
  const values = new Set([value]);
  const nodes: GraphNode[] = [];
  for (let grown = true; grown && nodes.length < MAX_NODES;) {
    grown = false;
    for (const node of [...values].flatMap((one) => graph.takers(one))) {
      if (nodes.includes(node) || !isElementwise(node) || node.outputs.length < 1) continue;
      if (!node.inputs.every((input) => input === '' || values.has(input) || graph.isConstant(input)))
        continue;
      nodes.push(node);
      const [output = ''] = node.outputs;
      values.add(output);
      grown = true;
      if (nodes.some(({ op }) => bending.has(op)) && hasOneExit(values, nodes, output, graph))
        return limited(output, nodes, graph, sizes);
      break;
    }
  }
  // the value may go elsewhere too, as into a shortcut
  const direct = graph
    .takers(value)
    .find((node) => bending.has(node.op) && !factors.has(node.op) && isElementwise(node));
  return direct && limited(direct.outputs[0] ?? '', [direct], graph, sizes);
}

/** Softmax is no activation of single numbers. */
function isElementwise({ op, attributes }: GraphNode): boolean {
  if (op === 'Activation') return !/softmax|linear/.test(String(attributes.get('activation')));
  return bending.has(op) || arithmetic.has(op);
}

function hasOneExit(
  values: ReadonlySet<string>,
  nodes: readonly GraphNode[],
  output: string,
  graph: GraphValues,
): boolean {
  return [...values].every(
    (value) =>
      value === output ||
      (!graph.isOutput(value) && graph.takers(value).every((node) => nodes.includes(node))),
  );
}

/** Returns the activation with the limits that follow it, and the factor of one written out: the 1/2 of GELU. */
function limited(
  value: string,
  nodes: readonly GraphNode[],
  graph: GraphValues,
  sizes: ReadonlyMap<string, number>,
): FoundActivation {
  const all = [...nodes];
  let last = value;
  const isNumber = (input: string) => (sizes.get(input) ?? 1) === 1;
  const mayFollow = ({ op, inputs }: GraphNode, taken: string) =>
    limits.has(op) ||
    (all.length > 1 && factoring.has(op) && inputs.every((input) => input === taken || isNumber(input)));
  for (;;) {
    const [next, ...others] = graph.takers(last);
    if (!next || others.length > 0 || graph.isOutput(last) || !mayFollow(next, last)) break;
    if (!next.inputs.every((input) => input === last || input === '' || graph.isConstant(input))) break;
    all.push(next);
    last = next.outputs[0] ?? last;
  }
  return { value: last, ops: all.map(({ op }) => op), name: nameOf(all) };
}

/** Returns the name of the activation that these operations are. */
function nameOf(nodes: readonly GraphNode[]): ActivationName | null {
  const ops = nodes.map(({ op }) => op);
  const has = (...names: string[]) => names.some((name) => ops.includes(name));
  const [first] = nodes;
  if (!first) return null;
  if (nodes.length === 1) {
    if (first.op === 'Activation') return activationNamed(String(first.attributes.get('activation')));
    if (first.op === 'ReLU') return typeof first.attributes.get('max_value') === 'number' ? 'relu6' : 'relu';
    if (has('Clip', 'ClipByValue')) return 'relu6';
    return activationNamed(first.op);
  }
  if (has('Erf')) return 'gelu';
  if (has('Softplus') && has('Tanh')) return 'mish';
  if (has('Mul') && has('Sigmoid') && ops.length === 2) return 'silu';
  if (has('Mul') && has('Relu6', 'Clip', 'ClipByValue', 'HardSigmoid')) return 'hardSwish';
  const clips = ops.every((op) => limits.has(op));
  if (clips && has('Relu') && !has('Clip')) return 'relu6';
  return null;
}

/** Returns which activation a name of another library means. */
export function activationNamed(name: string): ActivationName | null {
  return names[name.toLowerCase().replaceAll(/[-_]/g, '')] ?? null;
}

const names: Readonly<Record<string, ActivationName>> = Object.assign(Object.create(null), {
  relu: 'relu',
  relu6: 'relu6',
  leakyrelu: 'leakyRelu',
  elu: 'elu',
  selu: 'selu',
  sigmoid: 'sigmoid',
  hardsigmoid: 'hardSigmoid',
  hardswish: 'hardSwish',
  tanh: 'tanh',
  softplus: 'softplus',
  mish: 'mish',
  swish: 'silu',
  silu: 'silu',
  gelu: 'gelu',
  fastgelu: 'gelu',
  quickgelu: 'gelu',
});
