import { featurePlaces } from '../features/running/feature-places.js';
import { operatorSet } from '../features/running/onnx-bytes.js';
import { type GraphValues, graphValues } from '../features/running/graph-values.js';
import type { ModelFile, NamedTensor, Skipped } from '../formats/model-file.js';
import type { GraphNode, ModelGraph } from '../formats/model-graph.js';
import { channelBias } from './channel-bias.js';
import { freshName } from './fresh-name.js';
import type { LayerFactors } from './plan-layer.js';
import { biasOfTwo, turned } from './split-graph.js';
import { type NewNode, type NewOnnxTensor, rewriteOnnx } from './rewrite-onnx.js';

/** What takes the place of a layer. */
interface Replacement {
  /** The output of the operation in whose place the new ones stand. */
  readonly at: string;
  readonly nodes: readonly NewNode[];
  readonly tensors: readonly NewOnnxTensor[];
  /** Outputs of operations that fall away, and initializers that nothing takes any more. */
  readonly gone: readonly string[];
}

/**
 * Returns the bytes of an ONNX model with products and 1 x 1 convolutions as two. The response keeps its name; the bias
 * goes into the second, also one that an `Add` behind the operation added. All else stays as it is, byte for byte.
 * @throws RangeError for bytes that are not those of an ONNX model
 */
export async function splitOnnx(
  bytes: Uint8Array,
  file: ModelFile,
  split: ReadonlyMap<string, LayerFactors>,
): Promise<{ model: Uint8Array; applied: string[]; left: Skipped[] }> {
  const { graph } = file;
  if (!graph) return { model: bytes, applied: [], left: [] };
  const context: Context = {
    values: graphValues(graph),
    tensors: new Map(file.tensors.map((tensor) => [tensor.name, tensor])),
    responses: new Map(
      featurePlaces(file).places.map(({ layer, stages }) => [layer, stages.response?.value] as const),
    ),
    names: namesIn(file.tensors, graph),
  };
  const [replacements, applied, left]: [Replacement[], string[], Skipped[]] = [[], [], []];
  const version = operatorSet(bytes);
  const early = `its model has operator set ${version}; two layers need 7`;
  for (const [name, factors] of split) {
    const found = version < 7 ? early : await replacementOf(name, factors, context);
    if (typeof found === 'string') {
      left.push({ name, reason: found });
      continue;
    }
    replacements.push(found);
    applied.push(name);
  }
  const model = rewriteOnnx(bytes, {
    nodes: new Map(replacements.map(({ at, nodes }) => [at, nodes])),
    tensors: replacements.flatMap(({ tensors }) => tensors),
    gone: new Set(replacements.flatMap(({ gone }) => gone)),
  });
  return { model, applied, left };
}

interface Context {
  readonly values: GraphValues;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** The response of each layer. */
  readonly responses: ReadonlyMap<string, string | undefined>;
  /** All names that are taken. */
  readonly names: Set<string>;
}

/** Returns what takes the place of a layer; in words, why it stays. */
async function replacementOf(
  weight: string,
  factors: LayerFactors,
  context: Context,
): Promise<Replacement | string> {
  const { values, tensors, responses } = context;
  const tensor = tensors.get(weight);
  if (!tensor) return 'its weights are not among the tensors';
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'float64') return `its weights are ${tensor.dtype}`;
  const use = useOf(tensor, values);
  if (typeof use === 'string') return use;
  const { node, operand, isTurned, passed } = use;
  const { op, inputs, outputs, attributes } = node;
  const own = outputs[0] ?? '';
  const response = responses.get(weight) ?? own;
  const adding = response === own ? undefined : values.producer(response);
  if (adding && adding.op !== 'Add') return `its bias is added by ${adding.op}`;
  const rows = factors.second.rows;
  const isConvolution = op === 'Conv';
  const beta = op === 'Gemm' ? (attributes.get('beta') ?? 1) : 1;
  const added = adding && (adding.inputs.find((one) => one !== own) ?? own);
  // a product has the axes of its inputs, which are not known here; its bias keeps its own
  const at = isConvolution
    ? { axes: tensor.shape.length, behind: tensor.shape.length - 2 }
    : { axes: op === 'Gemm' ? 2 : Infinity, behind: 0 };
  const biases = [
    ...(inputs[2] ? [{ name: inputs[2], times: Number(beta), at: { axes: 2, behind: 0 } }] : []),
    ...(added === undefined ? [] : [{ name: added, times: 1, at }]),
  ];
  let bias: Float64Array | undefined;
  for (const { name, times, at: axis } of biases) {
    const numbers = await channelBias(tensors.get(name), rows, axis);
    if (!numbers) return 'its bias is not a stored number for each channel';
    bias ??= new Float64Array(rows);
    for (let i = 0; i < rows; i++) bias[i]! += times * numbers[i]!;
  }
  const [first, second, third, zero] = ['first', 'second', 'bias', 'zero'].map((part) =>
    freshName(`${weight}/${part}`, context.names),
  ) as [string, string, string, string];
  const between = freshName(`${own}/first`, context.names);
  const product = freshName(`${own}/second`, context.names);
  const dtype = tensor.dtype;
  const operandOf = (name: string, { data, rows: outs, columns }: LayerFactors['first']): NewOnnxTensor => {
    const ones = operand.slice(isConvolution ? 2 : 0, isConvolution ? undefined : -2).map(() => 1);
    if (isConvolution) return { name, shape: [outs, columns, ...ones], data, dtype };
    return isTurned
      ? { name, shape: [outs, columns], data, dtype }
      : { name, shape: [...ones, columns, outs], data: turned(data, outs, columns), dtype };
  };
  const vector = (name: string, data: Float64Array, axes = 1): NewOnnxTensor => ({
    ...{ name, shape: [...Array<number>(axes - 1).fill(1), data.length], data, dtype },
  });
  const biasAxes = op === 'MatMul' ? Math.max(1, tensors.get(added ?? '')?.shape.length ?? 1) : 1;
  const label = (part: string) => freshName(`${node.name}/${part}`, context.names);
  const rank = factors.first.rows;
  const down: NewNode = {
    ...{ like: own, name: label('first'), inputs: [inputs[0]!, first, ...(op === 'Gemm' ? [zero] : [])] },
    ...{ output: between, without: ['beta'] },
  };
  const up: NewNode = {
    ...{ like: own, name: node.name, inputs: [between, second] },
    ...{ output: response, only: isConvolution ? ['kernel_shape'] : ['transB', 'broadcast'] },
  };
  const nodes: NewNode[] =
    op === 'MatMul'
      ? [
          down,
          { ...up, output: product },
          { op: 'Add', name: label('bias'), inputs: [product, third], output: response },
        ]
      : [down, { ...up, inputs: [...up.inputs, third] }];
  const taken = new Set([node, adding]);
  const unused = [...new Set(biases.map(({ name }) => name))].filter(
    (name) => !values.isOutput(name) && values.takers(name).every((one) => taken.has(one)),
  );
  return {
    at: own,
    nodes,
    tensors: [
      operandOf(first, factors.first),
      operandOf(second, factors.second),
      vector(third, biasOfTwo(factors, bias), biasAxes),
      ...(op === 'Gemm' ? [vector(zero, new Float64Array(rank))] : []),
    ],
    gone: [weight, ...passed, ...unused, ...(adding ? [response] : [])],
  };
}

interface WeightUse {
  readonly node: GraphNode;
  /** The shape of the operand. */
  readonly operand: readonly number[];
  /** Whether the operand has one row per output. */
  readonly isTurned: boolean;
  /** Outputs of the operations between the weights and this one. */
  readonly passed: readonly string[];
}

/** Returns the one operation that takes weights, behind transpositions; in words, why it cannot be two. */
function useOf({ name, shape }: NamedTensor, values: GraphValues): WeightUse | string {
  let [value, operand] = [name, shape];
  const passed: string[] = [];
  for (;;) {
    const takers = values.takers(value);
    const [node] = takers;
    if (values.isOutput(value)) return 'the model puts its weights out';
    if (!node || takers.length > 1) return `${takers.length} operations take its weights`;
    if (node.op === 'Transpose' && operand.length === 2) {
      const perm = node.attributes.get('perm');
      if (!Array.isArray(perm) || perm[0] === 1) operand = [operand[1]!, operand[0]!];
    } else if (node.op !== 'Identity') {
      const isOperand = node.inputs.filter((one) => one === value).length === 1 && node.inputs[1] === value;
      if (!['Conv', 'Gemm', 'MatMul'].includes(node.op)) return `its operation is ${node.op}`;
      if (!isOperand) return `its weights are not the second operand of ${node.op}`;
      const isTurned = node.op === 'Gemm' && node.attributes.get('transB') === 1;
      return { node, operand, isTurned, passed };
    }
    value = node.outputs[0] ?? '';
    passed.push(value);
  }
}

const bodies = ['If', 'Loop', 'Scan', 'SequenceMap'];

/** Returns all names of a model. In bodies, whose names the reader puts behind the node's, they count as written too. */
function namesIn(tensors: readonly NamedTensor[], { nodes, inputs, outputs }: ModelGraph): Set<string> {
  const names = new Set([
    ...[...tensors, ...inputs, ...outputs].map(({ name }) => name),
    ...nodes.flatMap(({ name, inputs: taken, outputs: made }) => [name, ...taken, ...made]),
  ]);
  const outer = nodes.filter(({ op }) => bodies.includes(op)).map(({ name }) => `${name}/`);
  for (const name of [...names])
    for (const prefix of outer)
      // behind the node the body has a name of its own: If_0/then/
      if (name.startsWith(prefix)) names.add(name.slice(name.indexOf('/', prefix.length) + 1));
  return names;
}
