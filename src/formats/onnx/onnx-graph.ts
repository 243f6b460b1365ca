import { invalid } from '../../errors.js';
import type { AttributeValue, GraphNode, GraphValue } from '../model-graph.js';
import { onnxTypeName } from './onnx-dtypes.js';
import type { ProtobufField, ProtobufReader } from './protobuf.js';
import { type OpenExternal, readTensorProto, type TensorProto } from './tensor-proto.js';

export interface OnnxGraph {
  readonly nodes: GraphNode[];
  readonly tensors: TensorProto[];
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  /** Sparse initializers, by name. */
  readonly sparse: string[];
}

/** The most nested bodies, nodes of all of them, and numbers of an attribute. */
const MAX_DEPTH = 30;
const MAX_NODES = 1_000_000;
const MAX_NUMBERS = 100_000;

/** The scope of a body: the names of its values, with their names in the whole graph. */
interface Scope {
  readonly names: ReadonlyMap<string, string>;
  readonly outer?: Scope | undefined;
}

/**
 * Adds the graph in a field, and the bodies of its nodes, whose names are put behind the node's: `If_0/then/Conv_3`.
 * Values of `Constant` nodes are tensors.
 */
export function addGraph(
  reader: ProtobufReader,
  field: ProtobufField,
  openExternal: OpenExternal,
  into: OnnxGraph,
  prefix = '',
  outer?: Scope,
  depth = 0,
): void {
  if (depth > MAX_DEPTH)
    throw invalid('ONNX file', `bodies ${depth} deep in one another`, `at most ${MAX_DEPTH}`);
  const nodes: RawNode[] = [];
  const tensors: TensorProto[] = [];
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  for (const one of reader.fields(field.start, field.end)) {
    if (one.number === 1) nodes.push(readNode(reader, one));
    else if (one.number === 5) tensors.push(readTensorProto(reader, one, openExternal));
    else if (one.number === 11) inputs.push(readValue(reader, one));
    else if (one.number === 12) outputs.push(readValue(reader, one));
    else if (one.number === 15) into.sparse.push(prefix + sparseName(reader, one));
    if (nodes.length + into.nodes.length > MAX_NODES)
      throw invalid('ONNX file', `more than ${MAX_NODES} nodes`, 'a model');
  }
  const own = [
    ...tensors.map(({ name }) => name),
    ...inputs.map(({ name }) => name),
    ...nodes.flatMap((node) => node.outputs),
  ].filter((name) => name !== '');
  const scope: Scope = { names: new Map(own.map((name) => [name, prefix + name])), outer };
  for (const tensor of tensors) into.tensors.push({ ...tensor, name: prefix + tensor.name });
  for (const [i, node] of nodes.entries()) {
    const name = prefix + (node.name || `${node.op}_${i}`);
    const inner = {
      inputs: node.inputs.map((one) => resolve(one, scope)),
      outputs: node.outputs.map((one) => one && prefix + one),
    };
    if (node.op === 'Constant' && node.value) {
      into.tensors.push({
        ...readTensorProto(reader, node.value, openExternal),
        name: inner.outputs[0] ?? name,
      });
      continue;
    }
    const constant = node.op === 'Constant' ? numbersOf(node.attributes) : undefined;
    if (constant) {
      into.tensors.push({ ...constant, name: inner.outputs[0] ?? name });
      continue;
    }
    into.nodes.push({ name, op: node.op, ...inner, attributes: node.attributes });
    for (const [key, body] of node.bodies)
      addGraph(reader, body, openExternal, into, `${name}/${key.replace(/_branch$/, '')}/`, scope, depth + 1);
  }
  if (depth === 0) {
    const stored = new Set(tensors.map(({ name }) => name));
    // before version 4 initializers were inputs too
    into.inputs.push(...inputs.filter(({ name }) => !stored.has(name)));
    into.outputs.push(...outputs);
  }
}

/** Returns the numbers of a Constant that are no tensor: one, or a list. */
function numbersOf(attributes: ReadonlyMap<string, AttributeValue>): Omit<TensorProto, 'name'> | undefined {
  for (const [key, dtype] of [
    ['value_float', 'float32'],
    ['value_int', 'int64'],
  ] as const) {
    const one = attributes.get(key);
    const list = attributes.get(`${key}s`);
    const numbers = typeof one === 'number' ? [one] : (list as readonly number[] | undefined);
    // of a list at the limit there may be more
    if (!numbers || numbers.length >= MAX_NUMBERS) continue;
    const read = (start: number, count: number) => Float64Array.from(numbers.slice(start, start + count));
    const shape = typeof one === 'number' ? [] : [numbers.length];
    return { shape, elements: { dtype, length: numbers.length, read } };
  }
  return undefined;
}

function resolve(name: string, scope: Scope | undefined): string {
  for (let one = scope; one; one = one.outer) {
    const found = one.names.get(name);
    if (found !== undefined) return found;
  }
  return name;
}

interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: Map<string, AttributeValue>;
  readonly bodies: (readonly [string, ProtobufField])[];
  /** The tensor of a Constant. */
  readonly value: ProtobufField | undefined;
}

function readNode(reader: ProtobufReader, field: ProtobufField): RawNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeValue>();
  const bodies: (readonly [string, ProtobufField])[] = [];
  let [name, op] = ['', ''];
  let value: ProtobufField | undefined;
  for (const one of reader.fields(field.start, field.end)) {
    if (one.number === 1) inputs.push(reader.text(one));
    else if (one.number === 2) outputs.push(reader.text(one));
    else if (one.number === 3) name = reader.text(one);
    else if (one.number === 4) op = reader.text(one);
    else if (one.number === 5) {
      const attribute = readAttribute(reader, one);
      if (attribute.value !== undefined) attributes.set(attribute.name, attribute.value);
      if (attribute.tensor && attribute.name === 'value') value = attribute.tensor;
      for (const body of attribute.graphs) bodies.push([attribute.name, body]);
    }
  }
  return { name, op, inputs, outputs, attributes, bodies, value };
}

function readAttribute(reader: ProtobufReader, field: ProtobufField) {
  const graphs: ProtobufField[] = [];
  const integers: number[] = [];
  const floats: number[] = [];
  const texts: string[] = [];
  let name = '';
  let value: AttributeValue | undefined;
  let tensor: ProtobufField | undefined;
  for (const one of reader.fields(field.start, field.end)) {
    if (one.number === 1) name = reader.text(one);
    else if (one.number === 2) value = reader.float(one);
    else if (one.number === 3) value = reader.integer(one);
    else if (one.number === 4) value = one.end - one.start > 2 ** 16 ? undefined : reader.text(one);
    else if (one.number === 5) tensor = one;
    else if (one.number === 6 || one.number === 11) graphs.push(one);
    else if (one.number === 7) floats.push(...floatsOf(reader, one));
    else if (one.number === 8) reader.integers(one, integers, MAX_NUMBERS);
    else if (one.number === 9 && one.end - one.start <= 2 ** 16) texts.push(reader.text(one));
  }
  const list = [integers, floats, texts].find(({ length }) => length > 0);
  return { name, value: value ?? list, tensor, graphs };
}

function floatsOf(reader: ProtobufReader, field: ProtobufField): number[] {
  const bytes = reader.bytes(field).slice(0, 4 * MAX_NUMBERS);
  return [...new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4))];
}

/** Returns name, type and shape of an input or output. */
function readValue(reader: ProtobufReader, field: ProtobufField): GraphValue {
  let value: GraphValue = { name: '' };
  for (const one of reader.fields(field.start, field.end)) {
    if (one.number === 1) value = { ...value, name: reader.text(one) };
    if (one.number !== 2) continue;
    for (const type of reader.fields(one.start, one.end)) {
      // only tensors have a type and a shape
      if (type.number !== 1 || type.wire !== 2) continue;
      for (const part of reader.fields(type.start, type.end)) {
        if (part.number === 1) value = { ...value, dtype: onnxTypeName(reader.integer(part)) };
        if (part.number === 2) value = { ...value, shape: readShape(reader, part) };
      }
    }
  }
  return value;
}

function readShape(reader: ProtobufReader, field: ProtobufField): (number | null)[] {
  const sizes: (number | null)[] = [];
  for (const one of reader.fields(field.start, field.end)) {
    if (one.number !== 1 || one.wire !== 2) continue;
    let size: number | null = null;
    for (const part of reader.fields(one.start, one.end)) if (part.number === 1) size = reader.integer(part);
    sizes.push(size);
  }
  return sizes;
}

function sparseName(reader: ProtobufReader, field: ProtobufField): string {
  for (const one of reader.fields(field.start, field.end))
    if (one.number === 1 && one.wire === 2)
      for (const part of reader.fields(one.start, one.end)) if (part.number === 8) return reader.text(part);
  return 'sparse';
}
