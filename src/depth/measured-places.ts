import { type Tap, tapNames } from '../layers/blocks.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';

/** A place in a network where features are measured: the output of a layer. */
export interface NetworkPlace {
  readonly layer: NetworkLayer;
  /** Number of the layer in forward order. */
  readonly step: number;
  /** The taps at this place; `output` for the stem and the head's convolution. */
  readonly taps: readonly Tap[];
  /** Positions per image. */
  readonly positions: number;
}

/**
 * Returns the places of a network in forward order: the stem, the taps of every block, the head's convolution.
 *
 * @param tapsToRead the taps to read. @default all
 */
export function measuredPlaces(network: Network, tapsToRead: readonly Tap[] = tapNames): NetworkPlace[] {
  return networkLayers(network).flatMap((layer, step) => {
    const ends = layer.role === 'stem' || layer.role === 'head';
    const taps = (ends ? (['output'] as const) : layer.taps).filter((tap) => tapsToRead.includes(tap));
    if (taps.length === 0) return [];
    const [, height = 1, width = 1] = layer.outputShape;
    return [{ layer, step, taps, positions: height * width }];
  });
}
