import * as v from 'valibot';
import { loose, readSchema } from '../../schema.js';
import type { AttributeValue, GraphNode, GraphValue, ModelGraph } from '../model-graph.js';
import type { Topology } from './tfjs-format.js';

const nodeSchema = loose({
  name: v.string(),
  op: v.string(),
  input: v.optional(v.array(v.string()), []),
  attr: v.optional(v.nullable(v.record(v.string(), v.unknown())), {}),
});
type Node = v.InferOutput<typeof nodeSchema>;

const librarySchema = loose({
  function: v.optional(
    v.array(
      loose({
        signature: v.optional(loose({ name: v.optional(v.string()) })),
        nodeDef: v.optional(v.array(nodeSchema), []),
      }),
    ),
    [],
  ),
});

const signatureSchema = loose({
  outputs: v.record(v.string(), loose({ name: v.optional(v.string()) })),
});

/**
 * Returns the graph of a TensorFlow GraphDef in JSON; nodes of its functions lie below the name of the function. Its
 * outputs are those of the signature; without one, the nodes that nothing takes.
 */
export function tensorflowGraph({ node = [], library }: Topology, signature?: unknown): ModelGraph {
  const main = readSchema('nodes', v.array(nodeSchema), node);
  const { function: functions } = readSchema('library', librarySchema, library ?? {});
  const used = new Set(main.flatMap(({ input }) => input.map(valueName)));
  const isInput = ({ op }: Node) => /^Placeholder/.test(op);
  const inner = functions.flatMap(({ signature, nodeDef }) =>
    nodeDef.map((one) => graphNode(one, `${signature?.name ?? 'function'}/`)),
  );
  const read = v.safeParse(signatureSchema, signature);
  const named = new Set(
    read.success ? Object.values(read.output.outputs).map(({ name = '' }) => valueName(name)) : [],
  );
  const made = main.filter(({ op }) => op !== 'Const' && op !== 'NoOp');
  const signed = made.filter(({ name }) => named.has(name));
  const outputs = signed.length > 0 ? signed : made.filter(({ name }) => !used.has(name));
  return {
    nodes: [
      ...main.filter((one) => one.op !== 'Const' && !isInput(one)).map((one) => graphNode(one)),
      ...inner,
    ],
    inputs: main.filter(isInput).map(graphValue),
    outputs: outputs.map(({ name }) => ({ name })),
  };
}

function graphNode({ name, op, input, attr }: Node, prefix = ''): GraphNode {
  const attributes = new Map<string, AttributeValue>();
  for (const [key, value] of Object.entries(attr ?? {})) {
    const read = attribute(value);
    if (read !== undefined) attributes.set(key, read);
  }
  // inputs that begin with ^ only say what runs first
  const inputs = input.filter((one) => !one.startsWith('^')).map(valueName);
  return { name: prefix + name, op, inputs, outputs: [prefix + name], attributes };
}

/** The first output of a node has the node's name; others keep their number. */
function valueName(input: string): string {
  return input.replace(/:0$/, '').replace(/^\^/, '');
}

function graphValue({ name, attr }: Node): GraphValue {
  const dims = v.safeParse(
    loose({
      shape: loose({ dim: v.array(loose({ size: v.union([v.string(), v.number()]) })) }),
    }),
    attr?.['shape'],
  );
  if (!dims.success) return { name };
  const sizes = dims.output.shape.dim.map(({ size }) => Number(size));
  return { name, shape: sizes.map((size) => (size >= 0 ? size : null)) };
}

const whole = v.union([v.string(), v.number()]);
const attributeSchema = loose({
  b: v.optional(v.boolean()),
  i: v.optional(whole),
  f: v.optional(v.number()),
  s: v.optional(v.string()),
  list: v.optional(loose({ i: v.optional(v.array(whole)), f: v.optional(v.array(v.number())) })),
});

function attribute(value: unknown): AttributeValue | undefined {
  const read = v.safeParse(attributeSchema, value);
  if (!read.success) return undefined;
  const { b, i, f, s, list } = read.output;
  // text is base64 in JSON of protobuf
  if (s !== undefined) return Buffer.from(s, 'base64').toString('utf8');
  if (i !== undefined) return Number(i);
  return b ?? f ?? list?.i?.map(Number) ?? list?.f;
}
