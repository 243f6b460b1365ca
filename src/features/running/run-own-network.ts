import { dirname } from 'node:path';
import { entryOf } from '../../lookups.js';
import { layersOf } from '../../formats/layers/layers-of.js';
import type { ModelFile } from '../../formats/model-file.js';
import { tf } from '../../layers/tensors.js';
import { activate, applyStep } from '../../models/apply-step.js';
import { loadNetwork } from '../../models/network-files.js';
import { buildNetwork } from '../../models/network-model.js';
import { walkTensors } from '../../models/run-network.js';
import { imagesInput } from '../../networks/network-layer.js';
import type { FeaturePlace } from './feature-places.js';
import type { Runnable } from './runnable.js';
import { modelJsonOf } from './tfjs-artifacts.js';
import { numbersOfTensor, tensorOfFeed } from './tfjs-feeds.js';

/**
 * Returns a network that `saveNetwork` wrote, which runs on the active tensor backend without any other package. Its
 * normalizations are one with their convolutions, so that there is no value between the two.
 */
export async function runOwnNetwork(file: ModelFile): Promise<Runnable> {
  const { network, parameters } = await loadNetwork(dirname(modelJsonOf(file)));
  const model = buildNetwork(network, parameters);
  const kinds = new Map(layersOf(file).layers.map((matrix) => [matrix.name, matrix]));
  const plain = new Map(
    model.steps.map((step) => [
      step.layer.name,
      { ...step, layer: { ...step.layer, activation: 'linear' as const } },
    ]),
  );
  const places = model.steps.flatMap(({ layer, filter }): FeaturePlace[] => {
    const matrix = kinds.get(`${layer.name}.weight`);
    if (!filter || !matrix) return [];
    const { name, channelsOut: channels, channelsIn, activation } = layer;
    const at = (value: string) => ({ value, channels, axis: -1 });
    const bends = activation !== 'linear';
    const value = layer.inputs[0] ?? imagesInput;
    return [
      {
        ...{ layer: matrix.name, kind: matrix.kind, fanIn: matrix.columns, channels },
        input: { value: value === imagesInput ? 'images' : value, channels: channelsIn, axis: -1 },
        stages: {
          before: at(bends ? `${name}:before` : name),
          ...(bends && { after: at(name) }),
        },
        activation: bends ? { ops: activation, name: activation } : null,
      },
    ];
  });
  const { resolution, inputChannels } = network;
  return {
    ...{ path: file.path, format: file.format, places, skipped: [] },
    inputs: [{ name: 'images', shape: [null, resolution, resolution, inputChannels], dtype: 'float32' }],
    runner: `rankscope on ${tf.getBackend()}`,
    run(feeds, wanted, visit) {
      const images = tensorOfFeed(entryOf(feeds, 'images')) as tf.Tensor4D;
      const seen = new Set(wanted);
      const show = (value: string, tensor: tf.Tensor) => {
        if (seen.has(value)) visit(value, numbersOfTensor(tensor));
      };
      try {
        const scores = walkTensors(
          model.steps.map(({ layer }) => layer),
          images,
          (layer, inputs) => {
            const before = applyStep(entryOf(plain, layer.name), inputs);
            show(`${layer.name}:before`, before);
            const after = tf.tidy(() => activate(before, layer.activation));
            if (after !== before) before.dispose();
            show(layer.name, after);
            return after;
          },
        );
        scores.dispose();
      } finally {
        images.dispose();
      }
      return Promise.resolve();
    },
    close() {
      model.dispose();
      file.close();
    },
  };
}
