import { type Tap, tapNames } from '../layers/blocks.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';

/** Where in a network features are measured: what a layer puts out. */
export interface Place {
  readonly layer: NetworkLayer;
  /** Number of the layer in forward order. */
  readonly step: number;
  /** The taps that are read there; `output` for the stem and the head's convolution. */
  readonly taps: readonly Tap[];
  /** Positions of an image. */
  readonly positions: number;
}

/**
 * Returns the places of a network in forward order: the stem, the taps of every block, the head's convolution.
 *
 * @param wanted the taps that are read. @default all
 */
export function measuredPlaces(network: Network, wanted: readonly Tap[] = tapNames): Place[] {
  return networkLayers(network).flatMap((layer, step) => {
    const ends = layer.role === 'stem' || layer.role === 'head';
    const taps = (ends ? (['output'] as const) : layer.taps).filter((tap) => wanted.includes(tap));
    if (taps.length === 0) return [];
    const [, height = 1, width = 1] = layer.outputShape;
    return [{ layer, step, taps, positions: height * width }];
  });
}
