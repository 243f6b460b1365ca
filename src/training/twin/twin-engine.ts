import { lastOf } from '../../lookups.js';
import { networkLayers } from '../../networks/network-layers.js';
import type { TrainingEngineOptions, TrainingEngine } from '../engine.js';
import { crossEntropy } from './cross-entropy.js';
import { createFloat64Engine } from './float64-engine.js';
import { backwardPass, forwardPass } from './network-passes.js';

/**
 * Returns an engine that trains in float64, written to be read: one plain function for each operation. It is the
 * reference of the kernels in tests, and trains networks where WebAssembly is forbidden.
 *
 * @throws RangeError where the parameters are not those of the network
 */
export function createTwinEngine(options: TrainingEngineOptions): TrainingEngine {
  const layers = networkLayers(options.network);
  const { classes } = options.network.head;
  return createFloat64Engine(options, {
    train: (values, images, labels, smoothing) => {
      const trace = forwardPass(layers, values, Float64Array.from(images), labels.length, true);
      const { gradient, ...result } = crossEntropy(lastOf(trace.features), labels, classes, smoothing);
      const moments = trace.layers.flatMap(({ layer: { name, channelsOut }, plain, normalization }) =>
        normalization
          ? [{ name, moments: normalization.moments, positions: plain.length / channelsOut }]
          : [],
      );
      return { ...result, gradients: backwardPass(trace, values, gradient), moments };
    },
    scores: (values, images, count) =>
      lastOf(forwardPass(layers, values, Float64Array.from(images), count, false).features),
  });
}
