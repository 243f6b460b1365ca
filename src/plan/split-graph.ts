import type { NamedTensor, Numbers } from '../formats/model-file.js';
import { channelBias } from './channel-bias.js';
import { freshName } from './fresh-name.js';
import type { LayerFactors } from './plan-layer.js';

/** A node of a TensorFlow graph in JSON. */
export interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[] | undefined;
  readonly attr?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A tensor of a written model. */
export interface NewTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A layer split in two: the replacement of its weights, or the reason why it stays. */
export type SplitLayer<T> =
  | { readonly topology: T; readonly tensors: readonly NewTensor[]; readonly gone: readonly string[] }
  | { readonly reason: string };

interface GraphContext {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly response: string | undefined;
}

/**
 * Returns the nodes of a TensorFlow graph with one product or 1 x 1 convolution as two. The second keeps the name and
 * what follows; the new bias takes the place of the old one, or becomes a node of its own.
 * @param tensors the constants by name
 * @param response the value that the plan is about; it differs from the operation's where a bias is added behind it
 */
export async function splitGraph(
  nodes: readonly RawNode[],
  weight: string,
  factors: LayerFactors,
  { tensors: stored, response }: GraphContext,
): Promise<SplitLayer<readonly RawNode[]>> {
  const names = new Set([weight]);
  for (const { name, op, input = [] } of nodes)
    if (op === 'Identity' && input.some((one) => names.has(valueOf(one)))) names.add(name);
  const takers = nodes.filter(
    ({ name, input = [] }) => !names.has(name) && input.some((one) => names.has(valueOf(one))),
  );
  const [node] = takers;
  if (!node || takers.length > 1) return { reason: `${takers.length} operations take its weights` };
  const { op, input = [], attr } = node;
  const isConvolution = /Conv2D$/.test(op);
  if (!/^(_?Fused)?(Conv2D|MatMul)$/.test(op) || !names.has(valueOf(input[1] ?? '')))
    return { reason: `its operation is ${op}` };
  if (textOf(attr?.['padding']) === 'EXPLICIT') return { reason: 'its padding is explicit' };
  const fused = textsOf(attr?.['fused_ops']);
  if (fused.length > 0 && fused[0] !== 'BiasAdd') return { reason: `${fused.join(', ')} is fused into it` };

  const byName = new Map(nodes.map((one) => [one.name, one]));
  const isBehind = response !== undefined && valueOf(response) !== node.name;
  if (isBehind && fused.length === 1) return { reason: 'two biases are added to it' };
  const adding = isBehind && fused.length === 0 ? byName.get(valueOf(response)) : undefined;
  const other = adding?.input?.find((one) => valueOf(one) !== node.name) ?? '';
  const old = fused.length > 0 ? input[2]! : adding && other;
  const rows = factors.second.rows;
  const isFirst = textOf(attr?.['data_format']) === 'NCHW' && adding !== undefined && adding.op !== 'BiasAdd';
  const at = { axes: isConvolution ? 4 : 2, behind: isFirst ? 2 : 0 };
  const bias = old === undefined ? undefined : await channelBias(stored.get(sourceOf(old, byName)), rows, at);
  if (old !== undefined && !bias) return { reason: 'its bias is not a stored number for each channel' };

  const taken = new Set(byName.keys());
  const [first, second, third] = ['first', 'second', 'bias'].map((part) =>
    freshName(`${weight}/${part}`, taken),
  ) as [string, string, string];
  const kept = pick(attr, ['T', 'strides', 'padding', 'data_format', 'dilations', 'explicit_paddings']);
  const flipped = booleanOf(attr?.['transpose_b']);
  const down: RawNode = {
    name: freshName(`${node.name}/first`, taken),
    op: isConvolution ? 'Conv2D' : 'MatMul',
    input: [input[0]!, first],
    attr: { ...kept, ...pick(attr, ['transpose_a', 'transpose_b']) },
  };
  const up: RawNode = {
    ...node,
    input: [down.name, second, ...(fused.length > 0 ? [third, ...input.slice(3)] : input.slice(2))],
    attr: {
      ...attr,
      ...(isConvolution && { strides: { list: { i: ['1', '1', '1', '1'] } } }),
      ...(!isConvolution && { transpose_a: { b: false } }),
    },
  };
  const replaced = nodes.flatMap((one): RawNode[] => {
    if (names.has(one.name))
      return one.name === weight ? [first, second, third].map((name) => ({ ...one, name })) : [];
    if (one === adding && bias)
      return [{ ...one, input: (one.input ?? []).map((value) => (value === other ? third : value)) }];
    if (one !== node) return [one];
    if (bias) return [down, up];
    const inner = { ...up, name: freshName(`${node.name}/second`, taken) };
    const format = pick(attr, ['T', 'data_format']);
    return [down, inner, { name: node.name, op: 'BiasAdd', input: [inner.name, third], attr: format }];
  });
  const shapeOf = (inputs: number, outs: number) =>
    isConvolution ? [1, 1, inputs, outs] : flipped ? [outs, inputs] : [inputs, outs];
  const matrix = (part: 'first' | 'second', name: string): NewTensor => {
    const { data, rows: outs, columns: inputs } = factors[part];
    return {
      name,
      shape: shapeOf(inputs, outs),
      data: Float32Array.from(flipped ? data : turned(data, outs, inputs)),
    };
  };
  const tensors = [matrix('first', first), matrix('second', second)];
  tensors.push({
    name: third,
    shape: isFirst ? [rows, 1, 1] : [rows],
    data: Float32Array.from(biasOfTwo(factors, bias)),
  });
  return { topology: replaced, tensors, gone: [weight] };
}

/** Returns the bias of the two layers: U Uᵀ b + shift. */
export function biasOfTwo({ second, shift }: LayerFactors, bias?: Numbers): Float64Array {
  const { data, rows, columns: rank } = second;
  const out = shift.slice();
  if (!bias) return out;
  for (let k = 0; k < rank; k++) {
    let along = 0;
    for (let i = 0; i < rows; i++) along += data[i * rank + k]! * bias[i]!;
    for (let i = 0; i < rows; i++) out[i]! += along * data[i * rank + k]!;
  }
  return out;
}

/** Returns a matrix of outputs x inputs as inputs x outputs. */
export function turned(data: Numbers, rows: number, columns: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  return out;
}

/** Returns the node that a value comes from, behind identities. */
function sourceOf(value: string, nodes: ReadonlyMap<string, RawNode>): string {
  let name = valueOf(value);
  for (let step = 0; step < nodes.size && nodes.get(name)?.op === 'Identity'; step++)
    name = valueOf(nodes.get(name)?.input?.[0] ?? '');
  return name;
}

const valueOf = (input: string) => input.replace(/^\^/, '').replace(/:\d+$/, '');

function pick(attr: RawNode['attr'], keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (attr?.[key] === undefined ? [] : [[key, attr[key]]])));
}

const booleanOf = (value: unknown) => (value as { b?: unknown } | undefined)?.b === true;

function textOf(value: unknown): string {
  const text = (value as { s?: unknown } | undefined)?.s;
  return typeof text === 'string' ? atob(text) : '';
}

function textsOf(value: unknown): string[] {
  const list = (value as { list?: { s?: unknown } } | undefined)?.list?.s;
  return Array.isArray(list) ? list.map((one) => atob(String(one))) : [];
}
