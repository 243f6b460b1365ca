import { latin1 } from '../../files/latin1.js';
import { dirname, join } from 'node:path';
import { invalid } from '../../errors.js';
import { type ByteSource, fileSource, partOf } from '../byte-source.js';
import type { Format } from '../format.js';
import { withLayouts } from '../graph/with-layouts.js';
import type { ModelFile, NamedTensor, Skipped } from '../model-file.js';
import { tensorOf } from '../tensor-of.js';
import { withQuantisation } from './with-quantisation.js';
import { addGraph, type OnnxGraph } from './onnx-graph.js';
import { ProtobufReader } from './protobuf.js';
import type { OpenExternal } from './tensor-proto.js';

/** ONNX: a protobuf message, walked without copying the numbers in it; they may lie in files beside it. */
export const onnxFormat: Format = {
  name: 'onnx',
  label: '.onnx',
  matches: ({ bytes, name }) => /\.(onnx|ort)$/.test(name) || startsAsModel(bytes),
  open: openOnnx,
};

async function openOnnx(source: ByteSource): Promise<ModelFile> {
  if (source.name.toLowerCase().endsWith('.ort') || hasOrtMark(source))
    throw invalid(
      'model file',
      `${source.name}, in the format of ONNX Runtime`,
      'the .onnx file it was made from',
    );
  const external = externalFiles(source.name);
  const reader = new ProtobufReader(source);
  const graph: OnnxGraph = { nodes: [], tensors: [], inputs: [], outputs: [], sparse: [] };
  let graphs = 0;
  try {
    for (const field of reader.fields(0, source.size)) {
      if (field.number !== 7 || field.wire !== 2) continue;
      graphs++;
      addGraph(reader, field, external.open, graph);
    }
    if (graphs === 0)
      throw invalid('ONNX file', 'no graph in it', 'a model; is it truncated or of another format?');
    const tensors: NamedTensor[] = [];
    const skipped: Skipped[] = graph.sparse.map((name) => ({ name, reason: 'a sparse tensor' }));
    const seen = new Set<string>();
    for (const { name, shape, elements, problem } of graph.tensors) {
      if (seen.has(name)) throw invalid('ONNX file', `tensor ${name} twice`, 'each name once');
      seen.add(name);
      if (elements) tensors.push(tensorOf(name, shape, elements));
      else skipped.push({ name, reason: problem ?? 'it has no numbers' });
    }
    const close = () => {
      external.close();
      source.close();
    };
    const { nodes, inputs, outputs } = graph;
    const model: ModelFile = {
      format: 'onnx',
      path: source.name,
      tensors,
      skipped,
      notes: [],
      graph: { nodes, inputs, outputs },
      close,
    };
    return withLayouts(await withQuantisation(model));
  } catch (error) {
    external.close();
    throw error;
  }
}

/** Opens the files that hold numbers, each once; only files of the model's folder and below. */
function externalFiles(model: string): { open: OpenExternal; close(): void } {
  const files = new Map<string, ByteSource>();
  const open: OpenExternal = (location, offset, length) => {
    const isInside =
      location !== '' && !/^[/\\]|^[a-z]:|\\|\0/i.test(location) && !location.split('/').includes('..');
    if (!isInside) throw invalid('external file', location, "a file in the model's folder or below it");
    let file = files.get(location);
    if (!file) files.set(location, (file = fileSource(join(dirname(model), location))));
    return partOf(file, offset, length);
  };
  return { open, close: () => files.forEach((file) => file.close()) };
}

/** A model begins with its version, then the name of its producer, or another of its first fields. */
function startsAsModel(bytes: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = bytes;
  return (
    tag === 0x08 && version > 0 && version < 64 && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(next)
  );
}

function hasOrtMark(source: ByteSource): boolean {
  return source.size >= 8 && latin1(source.read(4, 4)) === 'ORTM';
}
