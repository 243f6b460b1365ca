import { join } from 'node:path';
import { invalid } from '../errors.js';
import { readJson } from '../files/parse-json.js';
import { readNamed } from '../files/read-named.js';
import { writeWhole } from '../files/write-whole.js';
import { networkFromJson } from '../networks/network-json.js';
import type { Network } from '../networks/network.js';
import { packageVersion } from '../package-version.js';
import { networkGraph } from './network-graph.js';
import { checkParameters, type Parameter, type Parameters, sizeOf } from './parameters.js';

/** Bytes of a file with weights; TensorFlow.js has the same. */
const SHARD_BYTES = 4 * 2 ** 20;

/**
 * Writes a network with its weights into a folder as TensorFlow.js has graph models: `model.json`, with the network's
 * own description in it, and its weights as float32 in files of 4 MB. Returns the paths written. `tf.loadGraphModel`
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
  const { nodes, constants, signature } = networkGraph(network);
  const tensors = [...parameters, ...constants];
  const bytes = concatenate(
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
    userDefinedMetadata: { network },
    modelTopology: { node: nodes, library: {}, versions: { producer: 1808 } },
    weightsManifest: [{ paths, weights }],
  };
  for (const [i, path] of paths.entries()) {
    await writeWhole(join(folder, path), bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES));
  }
  // last, so that a folder with a model.json is whole
  await writeWhole(join(folder, 'model.json'), JSON.stringify(model));
  return [...paths, 'model.json'].map((path) => join(folder, path));
}

/**
 * Returns the network and its weights from a folder that `saveNetwork` wrote.
 * @throws RangeError for a file that is missing, no such model, or damaged; it lists all names and shapes that differ
 */
export async function loadNetwork(folder: string): Promise<{ network: Network; parameters: Parameters }> {
  const path = join(folder, 'model.json');
  const model = checkModel(await readJson('model', path), path);
  const shards: Uint8Array[] = [];
  for (const name of model.weightsManifest.flatMap(({ paths }) => paths)) {
    shards.push(await readNamed('weights', join(folder, name)));
  }
  const bytes = concatenate(shards);
  const network = networkFromJson(model.userDefinedMetadata.network);
  const parameters = new Map<string, Parameter>();
  let offset = 0;
  for (const { name, shape, dtype } of model.weightsManifest.flatMap(({ weights }) => weights)) {
    if (dtype !== 'float32' && dtype !== 'int32') throw invalid(`dtype of ${name}`, dtype, 'float32');
    const end = offset + 4 * sizeOf(shape);
    if (end > bytes.length) {
      throw invalid(`weights in ${folder}`, `${bytes.length} bytes`, `at least ${end}, for ${name}`);
    }
    const data = new Float32Array(bytes.slice(offset, end).buffer);
    offset = end;
    // the graph's own constants are made anew when it is written
    if (!name.includes('/')) parameters.set(name, { shape, data });
  }
  return { network, parameters: checkParameters(network, parameters) };
}

interface ModelJson {
  readonly userDefinedMetadata: { readonly network: unknown };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
    }[];
  }[];
}

function checkModel(model: unknown, path: string): ModelJson {
  const { userDefinedMetadata, weightsManifest } = (model ?? {}) as Partial<ModelJson>;
  if (!userDefinedMetadata?.network || !Array.isArray(weightsManifest)) {
    throw invalid('model', path, 'one written by saveNetwork, with the description of the network in it');
  }
  return model as ModelJson;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
