import type { Vector } from './vector.js';
/** The sizes of a convolution; features are [images, size, size, channels], row-major. */
export interface ConvolutionShape {
  readonly images: number;
  /** Height and width of the input. */
  readonly size: number;
  /** Height and width of the output. */
  readonly outSize: number;
  readonly channelsIn: number;
  readonly channelsOut: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number;
}

/** Returns the output of a convolution with weights [kernel, kernel, channels in, channels out]. */
export function convolution(x: Vector, weights: Vector, shape: ConvolutionShape): Vector {
  const { images, outSize, channelsIn, channelsOut } = shape;
  const y = new Float64Array(images * outSize * outSize * channelsOut);
  forEachTap(shape, (input, tap, output) => {
    for (let i = 0; i < channelsIn; i++) {
      const value = x[input * channelsIn + i]!;
      const from = (tap * channelsIn + i) * channelsOut;
      const to = output * channelsOut;
      for (let o = 0; o < channelsOut; o++) y[to + o]! += value * weights[from + o]!;
    }
  });
  return y;
}

/** Returns the gradients of a convolution's input and weights, given that of its output. */
export function convolutionGradient(
  dy: Vector,
  x: Vector,
  weights: Vector,
  shape: ConvolutionShape,
): { dx: Vector; dWeights: Vector } {
  const { channelsIn, channelsOut } = shape;
  const dx = new Float64Array(x.length);
  const dWeights = new Float64Array(weights.length);
  forEachTap(shape, (input, tap, output) => {
    for (let i = 0; i < channelsIn; i++) {
      const at = input * channelsIn + i;
      const value = x[at]!;
      const row = (tap * channelsIn + i) * channelsOut;
      const from = output * channelsOut;
      let sum = 0;
      for (let o = 0; o < channelsOut; o++) {
        const gradient = dy[from + o]!;
        sum += gradient * weights[row + o]!;
        dWeights[row + o]! += gradient * value;
      }
      dx[at]! += sum;
    }
  });
  return { dx, dWeights };
}

/** Calls `visit` with the input position, the place in the filter and the output position of every product. */
export function forEachTap(
  { images, size, outSize, kernel, stride, padding }: ConvolutionShape,
  visit: (input: number, tap: number, output: number) => void,
): void {
  for (let n = 0; n < images; n++) {
    for (let oy = 0; oy < outSize; oy++) {
      for (let ox = 0; ox < outSize; ox++) {
        const output = (n * outSize + oy) * outSize + ox;
        for (let ky = 0; ky < kernel; ky++) {
          const y = oy * stride + ky - padding;
          if (y < 0 || y >= size) continue;
          for (let kx = 0; kx < kernel; kx++) {
            const x = ox * stride + kx - padding;
            if (x >= 0 && x < size) visit((n * size + y) * size + x, ky * kernel + kx, output);
          }
        }
      }
    }
  }
}
