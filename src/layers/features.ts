import { invalid } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';
import type { Activation } from './activations.js';
import { blockNamed, tapsOf, type Tap } from './blocks.js';
import { openKernelOperations } from './kernel-operations.js';
import type { LayerOperations } from './layer-operations.js';
import { checkLayer, type Layer } from './layer.js';
import { openTensorOperations } from './tensor-operations.js';

/**
 * Returns the features of the layer with an activation, one float32 matrix per requested tap. A matrix has one row per
 * channel and N columns (samples or positions, image by image and row by row). It is computed on the active tensor
 * backend (see `useBackend`), and with `wasm` on rankscope's own kernels too.
 *
 * @param taps taps of the layer's block; one pass reads all of them. Default: the output.
 * @throws RangeError for a tap that the block lacks, an activation that changes the tensor's shape, or a layer whose
 * data does not fit its sizes
 * @example
 * await useBackend('auto');
 * const layer = drawLayer(address, protocol);
 * const { output } = layerFeatures(layer, activations.silu);
 */
export function layerFeatures(
  layer: Layer,
  activation: Activation,
  taps: readonly Tap[] = ['output'],
): Features {
  const [features = {}] = featuresOfEach(layer, [activation], taps);
  return Object.fromEntries(Object.entries(features).map(([tap, matrix]) => [tap, transpose(matrix)]));
}

/** The features of a layer at the requested taps. */
export type Features = Partial<Record<Tap, Matrix>>;

/**
 * Yields the features of the layer with each activation in turn, in tensor order. A matrix has one row per sample or
 * position and one column per channel: the transpose of the result of `layerFeatures`, with the same bits and the same
 * rank. The layer's data is uploaded once, and the part before the first activation is computed once.
 *
 * @param onInputs called, before each matrix is yielded, with the numbers that go into the activation at its tap
 * @throws as `layerFeatures`
 */
export function* featuresOfEach(
  layer: Layer,
  activations: readonly Activation[],
  taps: readonly Tap[] = ['output'],
  onInputs?: (tap: Tap, inputs: Matrix) => void,
): Generator<Features> {
  checkLayer(layer);
  const allowed = tapsOf(blockNamed(layer.address.block));
  for (const tap of taps) {
    if (!allowed.includes(tap)) throw invalid('tap', tap, `${allowed.join(', ')} for ${layer.address.block}`);
  }
  for (const activation of activations) {
    if (typeof activation !== 'function')
      throw invalid('activation', activation, 'a function of a tensor, such as activations.relu');
  }
  const kernels = openKernelOperations(layer);
  if (kernels) yield* computed(layer, kernels, activations, taps, onInputs);
  else yield* computed(layer, openTensorOperations(layer), activations, taps, onInputs);
}

function* computed<T>(
  { address, protocol, sizes }: Layer,
  { input, convolve, activate, addShortcut, read, keep, within, close }: LayerOperations<T>,
  activations: readonly Activation[],
  taps: readonly Tap[],
  onInputs?: (tap: Tap, inputs: Matrix) => void,
): Generator<Features> {
  const block = blockNamed(address.block);
  try {
    const first = keep(() => convolve[0]!(input));
    for (const activation of activations) {
      yield within(() => {
        const features: Features = {};
        const tapped = (tap: Tap, y: T) => {
          if (taps.includes(tap)) features[tap] = read(y, sizes.columns);
        };
        let y = first;
        block.convolutions.forEach(({ tap, activated }, i) => {
          if (i > 0) y = convolve[i]!(y);
          if (activated && onInputs && taps.includes(tap)) onInputs(tap, read(y, sizes.columns));
          if (activated) y = activate(y, activation);
          tapped(tap, y);
        });
        if (block.shortcut && taps.includes('output'))
          tapped('output', protocol.shortcut ? addShortcut(y) : y);
        return features;
      });
    }
  } finally {
    close();
  }
}

function transpose({ data, rows, columns }: Matrix): Matrix {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = data[row * columns + column]!;
    }
  }
  return { data: turned, rows: columns, columns: rows };
}
