import { joinBytes } from '../files/join-bytes.js';
import { withTags } from '../features/running/onnx-bytes.js';
import { bytesSource } from '../formats/byte-source.js';
import { type ProtobufField, ProtobufReader } from '../formats/onnx/protobuf.js';
import { bytesField, integerField } from '../formats/onnx/protobuf-bytes.js';

/** A node that is written: one `like` another, named by its output, or of an operation without attributes. */
export type NewNode = {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
} & (
  | { readonly op: string }
  | {
      readonly like: string;
      /** The attributes that it keeps, or does not keep. @default all */
      readonly only?: readonly string[] | undefined;
      readonly without?: readonly string[] | undefined;
    }
);

/** An initializer that is written. */
export interface NewOnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
  readonly dtype: 'float32' | 'float64';
}

export interface OnnxChanges {
  /** Nodes in place of the one with an output. */
  readonly nodes: ReadonlyMap<string, readonly NewNode[]>;
  readonly tensors: readonly NewOnnxTensor[];
  /** Outputs of the nodes that fall away, and initializers. */
  readonly gone: ReadonlySet<string>;
}

/** Numbers of the fields of ModelProto, GraphProto and NodeProto. */
const [IR_VERSION, GRAPH] = [1, 7];
const [NODE, INITIALIZER, INPUT] = [1, 5, 11];
const [NODE_INPUT, NODE_OUTPUT, NODE_NAME, OP_TYPE, ATTRIBUTE, DOMAIN] = [1, 2, 3, 4, 5, 7];

/** Returns the bytes of an ONNX model with other nodes and initializers in its main graph; all else is copied. */
export function rewriteOnnx(model: Uint8Array, { nodes, tensors, gone }: OnnxChanges): Uint8Array {
  const reader = new ProtobufReader(bytesSource('model', model));
  const copied = ({ tag, end }: { tag: number; end: number }) => model.subarray(tag, end);
  const named = ({ start, end }: ProtobufField, number: number) =>
    [...reader.fields(start, end)].filter((one) => one.number === number).map((one) => reader.text(one));
  let version = 0;
  const parts: Uint8Array[] = [];
  for (const one of withTags(reader, 0, model.length)) {
    if (one.number === IR_VERSION) version = reader.integer(one);
    if (one.number !== GRAPH) {
      parts.push(copied(one));
      continue;
    }
    const kept: Uint8Array[] = [];
    for (const inner of withTags(reader, one.start, one.end)) {
      if (inner.number === NODE) {
        const outputs = named(inner, NODE_OUTPUT);
        const replaced = outputs.map((output) => nodes.get(output)).find((some) => some !== undefined);
        if (replaced) kept.push(...replaced.map((node) => bytesField(NODE, nodeBytes(node, inner, reader))));
        else if (!outputs.some((output) => gone.has(output))) kept.push(copied(inner));
      } else if (inner.number === INITIALIZER || inner.number === INPUT) {
        const [name = ''] = named(inner, inner.number === INITIALIZER ? 8 : 1);
        if (!gone.has(name)) kept.push(copied(inner));
      } else kept.push(copied(inner));
    }
    parts.push(bytesField(GRAPH, joinBytes(kept)));
  }
  // before version 4 every initializer is an input of the graph too
  const inputs = version < 4 ? tensors.map((tensor) => bytesField(INPUT, valueInfo(tensor))) : [];
  const initializers = tensors.map((tensor) => bytesField(INITIALIZER, tensorProto(tensor)));
  return joinBytes([...parts, bytesField(GRAPH, joinBytes([...inputs, ...initializers]))]);
}

function nodeBytes(node: NewNode, old: ProtobufField, reader: ProtobufReader): Uint8Array {
  const parts = [
    ...node.inputs.map((input) => bytesField(NODE_INPUT, input)),
    bytesField(NODE_OUTPUT, node.output),
    bytesField(NODE_NAME, node.name),
  ];
  if ('op' in node) return joinBytes([...parts, bytesField(OP_TYPE, node.op)]);
  const { only, without = [] } = node;
  for (const one of reader.fields(old.start, old.end)) {
    const bytes = () => bytesField(one.number, reader.bytes(one));
    if (one.number === OP_TYPE || one.number === DOMAIN) parts.push(bytes());
    if (one.number !== ATTRIBUTE) continue;
    const name = [...reader.fields(one.start, one.end)].find(({ number }) => number === 1);
    const text = name ? reader.text(name) : '';
    if ((only?.includes(text) ?? true) && !without.includes(text)) parts.push(bytes());
  }
  return joinBytes(parts);
}

const typeOf = { float32: 1, float64: 11 } as const;

function tensorProto({ name, shape, data, dtype }: NewOnnxTensor): Uint8Array {
  const numbers = dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data);
  return joinBytes([
    ...shape.map((size) => integerField(1, size)),
    integerField(2, typeOf[dtype]),
    bytesField(8, name),
    bytesField(9, new Uint8Array(numbers.buffer)),
  ]);
}

/** The name, type and shape of an initializer as those of an input. */
function valueInfo({ name, shape, dtype }: NewOnnxTensor): Uint8Array {
  const sizes = joinBytes(shape.map((size) => bytesField(1, integerField(1, size))));
  const tensor = joinBytes([integerField(1, typeOf[dtype]), bytesField(2, sizes)]);
  return joinBytes([bytesField(1, name), bytesField(2, bytesField(1, tensor))]);
}
