import { joinBytes } from '../../files/join-bytes.js';
import { bytesSource } from '../../formats/byte-source.js';
import { type ProtobufField, ProtobufReader } from '../../formats/onnx/protobuf.js';
import { bytesField } from '../../formats/onnx/protobuf-bytes.js';

/** Numbers of the fields of ModelProto, GraphProto, NodeProto and TensorProto. */
const [GRAPH, OPERATOR_SET] = [7, 8];
const [NODE, INITIALIZER, OUTPUT, NODE_OUTPUT, DATA_LOCATION] = [1, 5, 12, 2, 14];

/**
 * Returns the bytes of an ONNX model that has these values as further outputs. Nothing is encoded anew: a model whose
 * graph has only outputs is appended, since messages of protobuf that follow one another are merged.
 */
export function withOutputs(model: Uint8Array, values: readonly string[]): Uint8Array {
  const outputs = values.map((value) => bytesField(OUTPUT, bytesField(1, value)));
  return joinBytes([model, bytesField(GRAPH, joinBytes(outputs))]);
}

/** Returns the bytes of an ONNX model of only the first nodes, with no outputs but these values. */
export function firstNodes(model: Uint8Array, count: number, values: readonly string[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const reader = new ProtobufReader(bytesSource('model', model));
  for (const one of withTags(reader, 0, model.length)) {
    if (one.number !== GRAPH) {
      parts.push(model.subarray(one.tag, one.end));
      continue;
    }
    let nodes = 0;
    const kept: Uint8Array[] = [];
    for (const inner of withTags(reader, one.start, one.end)) {
      if (inner.number === OUTPUT || (inner.number === NODE && nodes++ >= count)) continue;
      kept.push(model.subarray(inner.tag, inner.end));
    }
    parts.push(bytesField(GRAPH, joinBytes(kept)));
  }
  return withOutputs(joinBytes(parts), values);
}

/** Returns the output values of each node of the main graph, in their order. */
export function nodeOutputs(model: Uint8Array): string[][] {
  const reader = new ProtobufReader(bytesSource('model', model));
  return fieldsOfGraphs(reader, model.length, NODE).map((node) =>
    [...reader.fields(node.start, node.end)]
      .filter(({ number }) => number === NODE_OUTPUT)
      .map((output) => reader.text(output)),
  );
}

/** Returns the version of the standard operator set that a model uses; 1 if it names none. */
export function operatorSet(model: Uint8Array): number {
  const reader = new ProtobufReader(bytesSource('model', model));
  for (const { number, start, end } of reader.fields(0, model.length)) {
    if (number !== OPERATOR_SET) continue;
    const parts = [...reader.fields(start, end)];
    const domain = parts.find((part) => part.number === 1);
    const version = parts.find((part) => part.number === 2);
    if (!domain || ['', 'ai.onnx'].includes(reader.text(domain)))
      return version ? reader.integer(version) : 1;
  }
  return 1;
}

/** Whether numbers of the main graph lie in files beside it. */
export function hasExternalData(model: Uint8Array): boolean {
  const reader = new ProtobufReader(bytesSource('model', model));
  return fieldsOfGraphs(reader, model.length, INITIALIZER).some((tensor) =>
    [...reader.fields(tensor.start, tensor.end)].some(
      ({ number, value }) => number === DATA_LOCATION && value === 1n,
    ),
  );
}

function fieldsOfGraphs(reader: ProtobufReader, size: number, wanted: number): ProtobufField[] {
  return [...reader.fields(0, size)]
    .filter(({ number, wire }) => number === GRAPH && wire === 2)
    .flatMap((graph) => [...reader.fields(graph.start, graph.end)].filter(({ number }) => number === wanted));
}

/** Yields fields with where their tags begin. */
export function* withTags(
  reader: ProtobufReader,
  start: number,
  end: number,
): Generator<ProtobufField & { tag: number }> {
  let tag = start;
  for (const one of reader.fields(start, end)) {
    yield { ...one, tag };
    tag = one.end;
  }
}
