import { invalid } from '../../errors.js';
import type { ModelFile } from '../../formats/model-file.js';
import { openModel } from '../../formats/open-model.js';
import { readsOnce } from '../../formats/reads-once.js';
import { type BackendName } from '../../layers/backend-names.js';
import { useBackend } from '../../layers/backend.js';
import { runOnnx } from './run-onnx.js';
import { runOwnNetwork } from './run-own-network.js';
import { runTfjsGraph } from './run-tfjs-graph.js';
import { runTfjsLayers } from './run-tfjs-layers.js';
import type { Runnable } from './runnable.js';
import { tfjsArtifacts } from './tfjs-artifacts.js';

/**
 * Returns a model that runs and shows the values inside it. ONNX runs on ONNX Runtime, TensorFlow.js on tfjs, a network
 * that `saveNetwork` wrote on our own code. These packages are loaded when they are needed. Close the model when done.
 *
 * @param options `asGraph` runs a network of our own as the TensorFlow graph that it is saved as, which has values between its
 * convolutions and normalizations
 * @throws RangeError for a file that cannot be opened, or of a format that holds weights alone; Error for a package that
 * is not installed
 * @example
 * const model = await openRunnable('mobilenet.onnx');
 * for (const { layer, channels } of model.places) console.log(layer, channels);
 * model.close();
 */
export async function openRunnable(
  path: string,
  backend: BackendName | 'auto' = 'auto',
  { asGraph = false }: { readonly asGraph?: boolean } = {},
): Promise<Runnable> {
  if (readsOnce(path))
    throw invalid('model to run', path === '-' ? 'standard input' : `${path}, a pipe`, 'a file or folder');
  const file = await openModel(path);
  try {
    return await opened(file, backend, asGraph);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function opened(file: ModelFile, backend: BackendName | 'auto', asGraph: boolean): Promise<Runnable> {
  const { format, path } = file;
  if (format === 'onnx') return runOnnx(file);
  if (format !== 'tfjs-graph' && format !== 'tfjs-layers')
    throw invalid('model to run', `${path}, ${format}`, remedies[format] ?? usual);
  if (!file.graph) throw invalid('model to run', `${path}, weights without a model`, usual);
  await useBackend(backend);
  const artifacts = await tfjsArtifacts(file);
  if (format === 'tfjs-layers') return runTfjsLayers(file, artifacts);
  return artifacts.userDefinedMetadata?.network && !asGraph
    ? runOwnNetwork(file)
    : runTfjsGraph(file, artifacts);
}

const usual = 'ONNX or TensorFlow.js: other files have weights, but no graph to run';
const keras = 'ONNX or TensorFlow.js; tensorflowjs_converter makes a model.json of it';
const remedies: Readonly<Record<string, string>> = { keras, hdf5: keras };
