import { invalid } from '../errors.js';
import type { LayerShape } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';

/** The most bytes that a layer may read and write. The memory has 4 GiB; layers ran with 1 GiB and failed with 1.9. */
const MAX_BYTES = 2 ** 30;

/**
 * Checks that a batch of images fits the memory of the WebAssembly backend. Otherwise that backend ends, after long
 * work, with a fault that gives no reason.
 * @throws RangeError for a batch that is too large, or a resolution at which one image is
 */
export function checkWasmMemory(network: Network, batch: number): void {
  const { name, resolution } = network;
  const bytes = ({ inputShape, outputShape }: { inputShape: LayerShape; outputShape: LayerShape }) =>
    4 * (sizeOf(inputShape) + sizeOf(outputShape));
  const max = Math.floor(MAX_BYTES / Math.max(...networkLayers(network).map(bytes)));
  if (max < 1) {
    throw invalid('resolution', resolution, `on the wasm backend so low that a layer of ${name} fits 1 GiB`);
  }
  if (batch > max) {
    throw invalid(
      'batch',
      batch,
      `on the wasm backend at most ${max} for ${name} at ${resolution} pixels, so that a layer fits 1 GiB`,
    );
  }
}

function sizeOf(shape: LayerShape): number {
  return shape.reduce((size, length) => size * length, 1);
}
