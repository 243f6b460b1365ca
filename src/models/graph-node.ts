/** A node of a TensorFlow graph as JSON has it. */
export interface TensorflowNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[] | undefined;
  readonly attr: Readonly<Record<string, object>>;
}

/** A graph while it is written: its nodes, and the constants that are not parameters of the network. */
export interface GraphInMaking {
  readonly nodes: TensorflowNode[];
  readonly constants: Map<
    string,
    { readonly shape: readonly number[]; readonly data: Int32Array | Float32Array }
  >;
}

/** Adds a node and returns its name. */
export function addNode(
  graph: GraphInMaking,
  name: string,
  op: string,
  input: readonly string[],
  attr: TensorflowNode['attr'] = {},
): string {
  graph.nodes.push({ name, op, input, attr: { T: float, ...attr } });
  return name;
}

/** Adds a tensor stored among the weights and returns its name. A tensor of the same name is added once. */
export function addConstant(
  graph: GraphInMaking,
  name: string,
  shape: readonly number[],
  data: Int32Array | Float32Array | null,
): string {
  if (graph.nodes.some((node) => node.name === name)) return name;
  const type = data instanceof Int32Array ? 'DT_INT32' : 'DT_FLOAT';
  const value = { tensor: { dtype: type, tensorShape: shapeOf(shape) } };
  graph.nodes.push({ name, op: 'Const', attr: { dtype: { type }, value } });
  if (data) graph.constants.set(name, { shape, data });
  return name;
}

/** Attributes as the JSON form of protocol buffers writes them: integers as strings, strings as base64. */
export const float = { type: 'DT_FLOAT' };
export const integers = (values: readonly number[]) => ({ list: { i: values.map(String) } });
export const text = (value: string) => ({ s: btoa(value) });
export const shapeOf = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
