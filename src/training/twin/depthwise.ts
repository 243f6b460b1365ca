import type { Vector } from './vector.js';
import { type ConvolutionShape, forEachTap } from './convolution.js';

/** Returns the output of a depthwise convolution with weights [kernel, kernel, channels, 1]. */
export function depthwise(x: Vector, weights: Vector, shape: ConvolutionShape): Vector {
  const { images, outSize, channelsOut: channels } = shape;
  const y = new Float64Array(images * outSize * outSize * channels);
  forEachTap(shape, (input, tap, output) => {
    for (let c = 0; c < channels; c++) {
      y[output * channels + c]! += x[input * channels + c]! * weights[tap * channels + c]!;
    }
  });
  return y;
}

/** Returns the gradients of a depthwise convolution's input and weights, given that of its output. */
export function depthwiseGradient(
  dy: Vector,
  x: Vector,
  weights: Vector,
  shape: ConvolutionShape,
): { dx: Vector; dWeights: Vector } {
  const { channelsOut: channels } = shape;
  const dx = new Float64Array(x.length);
  const dWeights = new Float64Array(weights.length);
  forEachTap(shape, (input, tap, output) => {
    for (let c = 0; c < channels; c++) {
      const gradient = dy[output * channels + c]!;
      dx[input * channels + c]! += gradient * weights[tap * channels + c]!;
      dWeights[tap * channels + c]! += gradient * x[input * channels + c]!;
    }
  });
  return { dx, dWeights };
}
