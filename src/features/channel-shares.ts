import type { ActivationName } from '../activations/definitions.js';
import type { FeatureSum } from './feature-sum.js';

/** A channel of less than this share of the mean activity is dormant (Sokar et al., ICML 2023). */
const DORMANT = 0.025;

/** Shares of a layer's channels, over all columns. */
export interface ChannelShares {
  /** The same number in every column: nothing comes through. */
  readonly silent: number;
  /** Always within one linear piece of the activation with another slope than 0: never clipped. Null for a smooth one. */
  readonly neverBent: number | null;
  /** Mean magnitude at most 0.025 of the mean over the layer's channels, silent ones included. */
  readonly dormant: number;
}

/** Where an activation is linear with another slope than 0; those that are smooth have no such piece. */
const linearPieces: Readonly<Partial<Record<ActivationName, readonly (readonly [number, number])[]>>> = {
  relu: [[0, Infinity]],
  relu6: [[0, 6]],
  leakyRelu: [
    [0, Infinity],
    [-Infinity, 0],
  ],
  hardSigmoid: [[-3, 3]],
  elu: [[0, Infinity]],
  selu: [[0, Infinity]],
  hardSwish: [[3, Infinity]],
};

/** Returns shares of the channels of a layer from its features before and behind the activation. */
export function channelShares(
  features: FeatureSum,
  before: FeatureSum | undefined,
  activation: ActivationName | null,
): ChannelShares {
  const { channels } = features.place;
  const share = (holds: (channel: number) => boolean) => {
    let count = 0;
    for (let channel = 0; channel < channels; channel++) if (holds(channel)) count++;
    return count / channels;
  };
  const mean = features.magnitudes.reduce((sum, value) => sum + value, 0) / channels;
  const pieces = activation && linearPieces[activation];
  return {
    silent: share((channel) => features.smallest[channel] === features.largest[channel]),
    neverBent:
      pieces && before
        ? share((channel) =>
            pieces.some(
              ([low, high]) => before.smallest[channel]! >= low && before.largest[channel]! <= high,
            ),
          )
        : null,
    dormant: share((channel) => features.magnitudes[channel]! <= DORMANT * mean),
  };
}
