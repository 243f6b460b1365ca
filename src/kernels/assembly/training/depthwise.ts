import { addPositions } from './add';
import { forwardLine, gradientLine, weightLines } from './depthwise-any';
import { fillGradients, fillPixels, firstPixel, PIXEL, planeBytes, planeRow } from './depthwise-plane';
import {
  forwardThree,
  forwardThreeByTwo,
  gradientThree,
  gradientThreeByTwo,
  weightsThree,
  weightsThreeByTwo,
} from './depthwise-three';
import { sumGradients, sumPositions } from './gradient';
import { activatePositions } from './read';
import { View } from './view';
import { Window } from './window';

/**
 * Depthwise convolutions: one filter a channel, k x k, zeros around each image. They work on planes of 32 channels of
 * one image: what is read of x in one, the gradient of y in another. Weights are [k, k, channels padded as x's].
 */

/** Y = X * W, channel by channel; with `measured` the sums of y are written too. */
export function depthwiseForward(
  x: View,
  w: Window,
  weights: usize,
  y: View,
  measured: bool,
  work: usize,
): void {
  const stride = w.stride,
    kernel = w.kernel,
    row = x.row,
    border = (kernel - 1) >> 1,
    high = (w.height + stride - 1) / stride,
    wide = (w.width + stride - 1) / stride,
    lines = planeRow(w.width, border);
  for (let image = 0; image < w.images; image++) {
    activatePositions(x, image * w.height * w.width, w.height * w.width);
    for (let column: usize = 0; column < row; column += PIXEL) {
      const bytes = min(PIXEL, row - column);
      fillPixels(x, image, column, bytes, w.height, w.width, border, work);
      for (let r = 0; r < high; r++) {
        const line = work + <usize>(r * stride) * lines;
        const target = y.y + <usize>((image * high + r) * wide) * row + column;
        for (let k: usize = 0; k < bytes; k += 16) {
          const filter = weights + column + k,
            from = line + k,
            to = target + k;
          if (kernel !== 3 || stride > 2) forwardLine(from, lines, stride, kernel, filter, row, wide, to);
          else if (stride === 1) forwardThree(from, lines, filter, row, wide, to);
          else forwardThreeByTwo(from, lines, filter, row, wide, to);
        }
      }
      if (!measured) continue;
      if (image === 0) memory.copy(y.first + column, y.y + column, bytes);
      sumPositions(y, image * high * wide, high * wide, column, bytes);
    }
  }
}

/** As `productBackward`, for a depthwise convolution; the gradient of the weights lies as they do. */
export function depthwiseBackward(
  x: View,
  w: Window,
  weights: usize,
  y: View,
  weightGradient: usize,
  other: usize,
  otherRow: usize,
  others: i32,
  measured: bool,
  work: usize,
): void {
  const stride = w.stride,
    kernel = w.kernel,
    row = x.row,
    border = (kernel - 1) >> 1,
    high = (w.height + stride - 1) / stride,
    wide = (w.width + stride - 1) / stride,
    lines = planeRow(w.width, border),
    // a pixel at the edge may have met outputs that would lie beyond those there are
    beyond = (border + stride - 1) / stride,
    gradientLines = planeRow(wide, beyond),
    gradients = work + planeBytes(w.height, w.width, border),
    first = firstPixel(gradients, wide, beyond),
    pixels = w.height * w.width;
  for (let image = 0; image < w.images; image++) {
    const at = image * pixels,
      target = x.gradient + <usize>at * row;
    for (let column: usize = 0; column < row; column += PIXEL) {
      const bytes = min(PIXEL, row - column);
      fillGradients(y, image, column, bytes, high, wide, beyond, gradients);
      fillPixels(x, image, column, bytes, w.height, w.width, border, work);
      for (let k = column; k < column + bytes; k += 16) {
        const filter = weights + k,
          read = work + (k - column),
          gradient = first + (k - column);
        if (x.gradient) pixelGradients(w, gradient, gradientLines, filter, row, target + k);
        filterGradients(w, read, lines, gradient, gradientLines, weightGradient + k, row);
      }
      if (measured && others === 0) sumGradients(x, at, pixels, column, bytes);
    }
    if (others === 0) continue;
    addPositions(other + <usize>at * otherRow, otherRow, others, target, row, pixels);
    if (measured) sumGradients(x, at, pixels, 0, row);
  }
}

/** The gradients of all pixels, for four channels. */
function pixelGradients(
  w: Window,
  first: usize,
  lines: usize,
  filter: usize,
  row: usize,
  target: usize,
): void {
  const three = w.kernel === 3,
    line = <usize>w.width * row;
  if (three && w.stride === 2) {
    for (let r = 0; r < w.height; r += 2) {
      gradientThreeByTwo(first, lines, filter, row, w.width, r + 1 < w.height, target);
      first += lines;
      target += 2 * line;
    }
    return;
  }
  for (let r = 0; r < w.height; r++) {
    if (three && w.stride === 1) {
      const above = first + <usize>r * lines - lines - PIXEL;
      gradientThree(above, lines, filter, row, w.width, target);
    } else {
      gradientLine(first, lines, r, w.width, w.kernel, w.stride, filter, row, target);
    }
    target += line;
  }
}

/** Adds the gradients of the filters of four channels. */
function filterGradients(
  w: Window,
  read: usize,
  readLines: usize,
  gradient: usize,
  lines: usize,
  sums: usize,
  row: usize,
): void {
  const high = (w.height + w.stride - 1) / w.stride,
    wide = (w.width + w.stride - 1) / w.stride;
  if (w.kernel !== 3 || w.stride > 2)
    weightLines(read, readLines, gradient, lines, high, wide, w.kernel, w.stride, sums, row);
  else if (w.stride === 1) weightsThree(read, readLines, gradient, lines, high, wide, sums, row);
  else weightsThreeByTwo(read, readLines, gradient, lines, high, wide, sums, row);
}
