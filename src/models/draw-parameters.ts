import { invalid } from '../errors.js';
import { any, orElse, readOptions, strict, wholeFrom, type OptionEntries } from '../schema.js';
import {
  biasNotations,
  readBias,
  readWeights,
  weightNotations,
  type FilterShape,
} from '../layers/initialisation.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { createStream } from '../random/stream.js';
import { layerParameters, type Parameter, type Parameters, sizeOf } from './parameters.js';

export interface DrawOptions {
  /** @default 0 */
  readonly seed?: number | undefined;
  /**
   * How weights are drawn; see `readWeights` for the notations.
   * @default 'kaiming-normal:fan-out', as torchvision's MobileNetV2 has it
   */
  readonly weights?: string | undefined;
  /**
   * How the biases of linear layers and squeeze-excitations are drawn; `none` makes them zero.
   * @default 'none'
   */
  readonly bias?: string | undefined;
}

export const drawDefaults = { seed: 0, weights: 'kaiming-normal:fan-out', bias: 'none' } as const;

const drawOptions = strict({
  seed: orElse(wholeFrom(0), drawDefaults.seed),
  weights: orElse(any<string>(), drawDefaults.weights),
  bias: orElse(any<string>(), drawDefaults.bias),
} satisfies OptionEntries<DrawOptions>);

/**
 * Returns random parameters for a network. Each tensor has a stream of its own, named by seed and tensor, so that a
 * layer's weights do not depend on the layers around it. Normalizations have scale 1, shift 0, mean 0 and variance 1.
 *
 * @throws RangeError for an invalid seed or initialiser
 * @example
 * const parameters = drawParameters(networkNamed('rexnet-1.0'), { seed: 1 });
 */
export function drawParameters(network: Network, options: DrawOptions = {}): Parameters {
  return drawLayersParameters(networkLayers(network), options);
}

/** Returns random parameters for layers in any arrangement. @throws as {@link drawParameters} */
export function drawLayersParameters(
  layers: readonly NetworkLayer[],
  options: DrawOptions = {},
): Map<string, Parameter> {
  const { seed, weights, bias } = readOptions(drawOptions, options);
  const weightRule = typeof weights === 'string' ? readWeights(weights) : undefined;
  if (!weightRule) throw invalid('weight rule', weights, weightNotations);
  const biasRule = typeof bias === 'string' ? readBias(bias) : undefined;
  if (biasRule === undefined) throw invalid('bias rule', bias, biasNotations);
  const fill = { gamma: 1, beta: 0, mean: 0, variance: 1 } as const;
  return new Map(
    layers.flatMap(layerParameters).map(({ name, layer, role, shape }) => {
      const data = new Float32Array(sizeOf(shape));
      if (role === 'weight' || role === 'bias') {
        const rule = role === 'weight' ? weightRule : biasRule;
        rule?.fill(createStream(seed, `network/${name}`), data, filterShape(layer));
      } else data.fill(fill[role]);
      return [name, { shape, data }];
    }),
  );
}

function filterShape({ kind, kernel, channelsIn, channelsOut }: NetworkLayer): FilterShape {
  return {
    kernel,
    window: kernel,
    inputs: channelsIn,
    outputs: channelsOut,
    depthwise: kind === 'depthwise',
  };
}
