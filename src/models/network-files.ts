import { join } from 'node:path';
import * as v from 'valibot';
import { invalid } from '../errors.js';
import { joinBytes } from '../files/join-bytes.js';
import { inFile } from '../files/in-file.js';
import { readJson } from '../files/parse-json.js';
import { readNamed } from '../files/read-named.js';
import { writeWhole } from '../files/write-whole.js';
import { networkFromJson } from '../networks/network-json.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { packageVersion } from '../package-version.js';
import { countTo, listOf, oneOf, readSchema, strict, textTo } from '../schema.js';
import { layersGraph, type NetworkGraph } from './network-graph.js';
import { checkParameters, type Parameter, type Parameters, parameterShapes, sizeOf } from './parameters.js';

/** Bytes of a file with weights, as in TensorFlow.js. */
const SHARD_BYTES = 4 * 2 ** 20;

/**
 * Writes a network with its weights into a folder as a TensorFlow.js graph model, and returns the paths written.
 * `model.json` has the network's own description in it; the weights are float32 in files of 4 MB. `tf.loadGraphModel`
 * runs it, in a browser too: images [n, height, width, channels] in, scores [n, classes] out.
 *
 * @throws RangeError where the parameters are not those of the network; FileWriteError
 * @example
 * await saveNetwork('models/rexnet', network, drawParameters(network));
 */
export async function saveNetwork(
  folder: string,
  network: Network,
  parameters: Parameters,
): Promise<string[]> {
  checkParameters(network, parameters);
  const { model, bytes, paths } = graphFiles(layersGraph(networkLayers(network)), parameters, { network });
  for (const [i, path] of paths.entries()) {
    await writeWhole(join(folder, path), bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES));
  }
  // last, so that a folder with a model.json is whole
  await writeWhole(join(folder, 'model.json'), JSON.stringify(model));
  return [...paths, 'model.json'].map((path) => join(folder, path));
}

/** Returns a graph with its weights as TensorFlow.js reads them: `model.json`, all bytes, and the files they go into. */
export function graphFiles(
  { nodes, constants, signature }: NetworkGraph,
  parameters: Parameters,
  userDefinedMetadata: object,
) {
  const tensors = [...parameters, ...constants];
  const bytes = joinBytes(
    tensors.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
  const count = Math.max(1, Math.ceil(bytes.length / SHARD_BYTES));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const weights = tensors.map(([name, { shape, data }]) => {
    return { name, shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' };
  });
  const model = {
    format: 'graph-model',
    generatedBy: `rankscope ${packageVersion('rankscope')}`,
    convertedBy: null,
    signature,
    userDefinedMetadata,
    modelTopology: { node: nodes, library: {}, versions: { producer: 1808 } },
    weightsManifest: [{ paths, weights }],
  };
  return { model, bytes, paths };
}

/**
 * Returns the network and its weights from a folder that `saveNetwork` wrote.
 * @throws RangeError for a file that is missing, damaged, outside the folder, or not of such a model; it names the file
 */
export async function loadNetwork(folder: string): Promise<{ network: Network; parameters: Parameters }> {
  const path = join(folder, 'model.json');
  const value = await readJson('model', path);
  const { network, shards, weights } = inFile(path, () => readModel(value));
  const size = weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  const bytes = new Uint8Array(size);
  for (const [i, name] of shards.entries()) {
    const shard = await readNamed('weights', join(folder, name));
    const expected = Math.min(SHARD_BYTES, size - i * SHARD_BYTES);
    if (shard.length !== expected)
      throw invalid('weights', `${shard.length} bytes in ${join(folder, name)}`, `${expected} bytes`);
    bytes.set(shard, i * SHARD_BYTES);
  }
  const parameters = new Map<string, Parameter>();
  let offset = 0;
  for (const { name, shape } of weights) {
    const length = sizeOf(shape);
    // the graph's own constants are made anew when it is written
    if (!name.includes('/'))
      parameters.set(name, {
        shape,
        data: new Float32Array(bytes.buffer.slice(offset, offset + 4 * length)),
      });
    offset += 4 * length;
  }
  return inFile(path, () => ({ network, parameters: checkParameters(network, parameters) }));
}

/** A file in the folder itself. Names with a slash, a drive or a % may lead out of it. */
const shardName = v.pipe(
  textTo(255),
  v.regex(/^\w[\w-]*(\.[\w-]+)*$/, 'the name of a file in the folder of the model'),
);

const weightEntry = strict({
  name: textTo(255),
  shape: listOf(countTo(1_000_000), 4, 0),
  dtype: oneOf(['float32', 'int32']),
});

const ignored = v.optional(v.unknown());

/** `modelTopology` and `signature` are for TensorFlow.js: the network is made from its own description. */
const modelSchema = strict({
  format: v.literal('graph-model', 'graph-model'),
  generatedBy: ignored,
  convertedBy: ignored,
  signature: ignored,
  userDefinedMetadata: strict({ network: v.unknown() }),
  modelTopology: ignored,
  weightsManifest: listOf(
    strict({ paths: listOf(shardName, 100_000), weights: listOf(weightEntry, 1_000_000) }),
    1,
  ),
});

type WeightEntry = v.InferOutput<typeof weightEntry>;

function readModel(value: unknown): { network: Network; shards: string[]; weights: WeightEntry[] } {
  const { userDefinedMetadata, weightsManifest } = readSchema('model', modelSchema, value);
  const { paths, weights } = weightsManifest[0]!;
  const network = networkFromJson(userDefinedMetadata.network);
  for (const list of [paths, weights.map(({ name }) => name)]) {
    const seen = new Set<string>();
    const twice = list.find((name) => seen.size === seen.add(name).size);
    if (twice !== undefined) throw invalid('weightsManifest', `${twice} twice`, 'each name once');
  }
  const wrong = weights.find(({ name, dtype }) => dtype === 'int32' && !name.includes('/'));
  if (wrong) throw invalid(`dtype of ${wrong.name}`, wrong.dtype, 'float32');
  const size = weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  const numbers = parameterShapes(network).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const max = 4 * (numbers + 1_000_000); // the graph's constants are few
  if (size > max) throw invalid('weightsManifest', `${size} bytes`, `the weights of ${network.name}`);
  const count = Math.max(1, Math.ceil(size / SHARD_BYTES));
  if (paths.length !== count)
    throw invalid('paths', `${paths.length} files`, `${count}, of ${SHARD_BYTES} bytes`);
  return { network, shards: paths, weights };
}
