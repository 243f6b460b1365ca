import { messageOf } from '../../errors.js';
import type { ModelFile } from '../../formats/model-file.js';
import { withLayouts } from '../../formats/graph/with-layouts.js';
import { tensorflowGraph } from '../../formats/tfjs/tensorflow-graph.js';
import { tf } from '../../layers/tensors.js';
import { packageVersion } from '../../package-version.js';
import { featurePlaces } from './feature-places.js';
import { loadOptional } from './load-optional.js';
import type { Runnable } from './runnable.js';
import { splitFusedNodes } from './split-fused-nodes.js';
import type { TfjsArtifacts } from './tfjs-artifacts.js';
import { numbersOfTensor, tensorOfFeed } from './tfjs-feeds.js';

/**
 * Returns a graph model of TensorFlow.js that runs on the active tensor backend. Activations that the converter fused are
 * nodes of their own, so that the values before them are seen.
 * @throws Error where `@tensorflow/tfjs-converter` is not installed
 */
export async function runTfjsGraph(file: ModelFile, artifacts: TfjsArtifacts): Promise<Runnable> {
  const name = '@tensorflow/tfjs-converter';
  const converter = await loadOptional(
    name,
    'graph models of TensorFlow.js that run',
    () => import('@tensorflow/tfjs-converter'),
  );
  const modelTopology = splitFusedNodes(artifacts.modelTopology);
  const model = await converter.loadGraphModel({
    load: () => Promise.resolve({ ...artifacts, modelTopology } as never),
  });
  const graph = tensorflowGraph(modelTopology, artifacts.signature);
  const { places, skipped } = featurePlaces(withLayouts({ ...file, graph }));
  const inputs = model.inputs.map(({ name, shape, dtype }) => ({
    name,
    shape: shape?.map((size) => (size !== null && size >= 0 ? size : null)),
    dtype,
  }));
  return {
    ...{ path: file.path, format: file.format, inputs, places, skipped },
    runner: `tfjs-converter ${packageVersion(name)} on ${tf.getBackend()}`,
    async run(feeds, wanted, visit) {
      const given = Object.fromEntries(
        [...feeds].map(([input, feed]) => [
          input,
          tensorOfFeed(feed, inputs.find((one) => one.name === input)?.dtype),
        ]),
      );
      let outputs: tf.Tensor[] = [];
      try {
        outputs = await execute(model, given, wanted);
        for (const [i, output] of outputs.entries()) visit(wanted[i]!, numbersOfTensor(output));
      } finally {
        tf.dispose(outputs);
        tf.dispose(Object.values(given));
      }
    },
    close() {
      model.dispose();
      file.close();
    },
  };
}

interface GraphModel {
  execute(inputs: Record<string, tf.Tensor>, outputs: string[]): tf.Tensor | tf.Tensor[];
  executeAsync(inputs: Record<string, tf.Tensor>, outputs: string[]): Promise<tf.Tensor | tf.Tensor[]>;
}

async function execute(
  model: GraphModel,
  given: Record<string, tf.Tensor>,
  wanted: readonly string[],
): Promise<tf.Tensor[]> {
  let found: tf.Tensor | tf.Tensor[];
  try {
    found = model.execute(given, [...wanted]);
  } catch (error) {
    // control flow, and operations whose output has a size that depends on its numbers
    if (!/executeAsync/.test(messageOf(error))) throw error;
    found = await model.executeAsync(given, [...wanted]);
  }
  return Array.isArray(found) ? found : [found];
}
