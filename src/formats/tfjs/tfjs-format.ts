import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { invalid } from '../../errors.js';
import { parseJson } from '../../files/parse-json.js';
import { decodeText } from '../../files/read-text.js';
import { loose, readSchema } from '../../schema.js';
import { type ByteSource, fileSource, joinSources } from '../byte-source.js';
import type { Format } from '../format.js';
import { withLayouts } from '../graph/with-layouts.js';
import { kerasGraph } from '../keras/keras-graph.js';
import { withKernelLayouts } from '../keras/with-kernel-layouts.js';
import type { ModelFile, NamedTensor, Skipped } from '../model-file.js';
import { type WeightsManifest, manifestSchema, readManifestGroup } from './manifest.js';
import { tensorflowGraph } from './tensorflow-graph.js';

/** TensorFlow.js: a `model.json` with topology and manifest, and its weights in files beside it. */
export const tfjsFormat: Format = {
  name: 'tfjs',
  label: 'model.json of TensorFlow.js',
  matches: ({ bytes, name }) => name.endsWith('.json') || /^(\ufeff|\s)*[{[]/.test(startOf(bytes)),
  open: openTfjs,
};

/** Bytes of a `model.json`; text in JavaScript has at most twice as many characters. */
const MAX_BYTES = 2 ** 28;

async function openTfjs(source: ByteSource): Promise<ModelFile> {
  if (source.size > MAX_BYTES) throw invalid('model.json', `${source.size} bytes`, `at most ${MAX_BYTES}`);
  const text = decodeText(source.read(0, source.size), source.name);
  const { topology, signature, manifest } = readModel(parseJson('model file', source.name, text));
  source.close();
  const folder = dirname(source.name);
  const files: ByteSource[] = [];
  const close = () => files.forEach((file) => file.close());
  try {
    const tensors: NamedTensor[] = [];
    const skipped: Skipped[] = [];
    for (const { paths, weights } of manifest) {
      const shards = paths.map((path) => {
        const file = fileSource(join(folder, path));
        files.push(file);
        return file;
      });
      const read = readManifestGroup(joinSources(shards), weights);
      tensors.push(...read.tensors);
      skipped.push(...read.skipped);
    }
    checkNames(tensors);
    return describe(source.name, { topology, signature }, { tensors, skipped, close });
  } catch (error) {
    close();
    throw error;
  }
}

function describe(
  path: string,
  { topology, signature }: Described,
  { tensors, ...more }: Pick<ModelFile, 'tensors' | 'skipped' | 'close'>,
): ModelFile {
  const base = { path, notes: [], ...more };
  if (topology?.node) {
    const graph = tensorflowGraph(topology, signature);
    return withLayouts({ ...base, format: 'tfjs-graph', tensors, graph });
  }
  const config = topology?.model_config ?? (topology?.class_name === undefined ? undefined : topology);
  const graph = config === undefined ? undefined : kerasGraph(config, tensors);
  return { ...base, format: 'tfjs-layers', tensors: withKernelLayouts(tensors, config), graph };
}

const topologySchema = loose({
  node: v.optional(v.array(v.unknown())),
  library: v.optional(v.unknown()),
  model_config: v.optional(v.unknown()),
  class_name: v.optional(v.unknown()),
});
export type Topology = v.InferOutput<typeof topologySchema>;

interface Described {
  readonly topology: Topology | undefined;
  readonly signature?: unknown;
}

const modelSchema = loose({
  format: v.optional(v.string()),
  modelTopology: v.optional(v.nullable(topologySchema)),
  signature: v.optional(v.unknown()),
  weightsManifest: manifestSchema,
});

/** Reads a model, or a manifest alone as early converters wrote it: `weights_manifest.json`. */
function readModel(value: unknown): Described & { manifest: WeightsManifest } {
  if (Array.isArray(value))
    return { topology: undefined, manifest: readSchema('manifest', manifestSchema, value) };
  const model = readSchema('model', modelSchema, value);
  return {
    topology: model.modelTopology ?? undefined,
    signature: model.signature,
    manifest: model.weightsManifest,
  };
}

function checkNames(tensors: readonly NamedTensor[]): void {
  const seen = new Set<string>();
  for (const { name } of tensors) {
    if (seen.has(name)) throw invalid('weightsManifest', `${name} twice`, 'each name once');
    seen.add(name);
  }
}

function startOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 100));
}
