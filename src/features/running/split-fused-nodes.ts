import type { Topology } from '../../formats/tfjs/tfjs-format.js';

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[] | undefined;
  readonly attr?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Returns a TensorFlow graph in which activations fused into convolutions or products are nodes of their own. The value
 * before them can then be fetched: `<name>/before`. The value behind it keeps its name.
 */
export function splitFusedNodes(topology: Topology): Topology {
  const nodes = (topology.node ?? []) as Node[];
  return { ...topology, node: nodes.flatMap(split) };
}

function split(node: Node): Node[] {
  const { name, op, input = [], attr } = node;
  if (!/Fused(Conv2D|MatMul|DepthwiseConv2dNative)$/.test(op)) return [node];
  const fused = textsOf(attr?.['fused_ops']);
  const activation = fused.find((one) => activations.has(one));
  if (activation === undefined) return [node];
  const rest = fused.filter((one) => one !== activation);
  const before = `${name}/before`;
  const isPrelu = activation === 'Prelu';
  const alpha = isPrelu ? input.slice(-1) : [];
  const kept = isPrelu ? input.slice(0, -1) : input;
  const { fused_ops: _, num_args: __, ...others } = attr ?? {};
  const unfused = rest.length === 0;
  return [
    {
      name: before,
      op: unfused ? op.replace(/^_?Fused/, '') : op,
      input: kept,
      attr: unfused
        ? others
        : {
            ...others,
            fused_ops: { list: { s: rest.map((one) => btoa(one)) } },
            num_args: { i: String(rest.length) },
          },
    },
    {
      name,
      op: activation,
      input: [before, ...alpha],
      attr: {
        ...(attr?.['T'] !== undefined && { T: attr['T'] }),
        ...(activation === 'LeakyRelu' && { alpha: attr?.['leakyrelu_alpha'] ?? { f: 0.2 } }),
      },
    },
  ];
}

const activations = new Set(['Relu', 'Relu6', 'Elu', 'Prelu', 'LeakyRelu', 'Sigmoid', 'Tanh']);

/** Returns the texts of a list attribute; JSON of protobuf has them in base64. */
function textsOf(attribute: unknown): string[] {
  const list = (attribute as { list?: { s?: unknown } } | undefined)?.list?.s;
  return Array.isArray(list)
    ? list.filter((one) => typeof one === 'string').map((one: string) => atob(one))
    : [];
}
