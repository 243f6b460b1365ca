import { addPositions } from './add';
import { gradientPositions, sumGradients, sumPositions } from './gradient';
import { multiply } from './multiply';
import { LEFT, packEightColumns, packRead, packRows, packSixColumns, RIGHT } from './panels';
import { readPositions } from './read';
import { positionsAtOnce, View } from './view';

/** Bytes between the pieces of the work space: what packing reads or writes past a piece. */
const GAP: usize = 256;

/**
 * Y = X W, from what is read of x. It is a convolution whose window is one pixel, or a linear layer. `weights` are
 * panels (`packWeights`); with `measured` the sums of y for its normalization are written too.
 */
export function productForward(
  x: View,
  positions: i32,
  weights: usize,
  y: View,
  measured: bool,
  work: usize,
): void {
  const depth = x.channels,
    wide = <i32>(y.row / RIGHT),
    chunk = positionsAtOnce(<i32>(max(x.row, y.row) >> 2));
  for (let p = 0; p < positions; p += chunk) {
    const some = min(chunk, positions - p);
    packRead(x, p, some, work);
    const target = y.y + <usize>p * y.row;
    multiply(
      work,
      6 * x.row,
      (some + 5) / 6,
      weights,
      <usize>depth * RIGHT,
      wide,
      depth,
      target,
      y.row,
      false,
    );
    if (!measured) continue;
    if (p === 0) memory.copy(y.first, y.y, y.row);
    sumPositions(y, p, some, 0, y.row);
  }
}

/**
 * The gradients of Y = X W. That of W is added to `weightGradient`, whose rows are y's, up to the next multiple of six.
 * Unless x.gradient is 0, the gradient of what was read of x is written there, with the first `others` channels of rows
 * `other` of `otherRow` bytes where there are such. With `measured` its sums are taken.
 *
 * @param transposed panels of W transposed (`packTransposed`)
 */
export function productBackward(
  x: View,
  positions: i32,
  transposed: usize,
  y: View,
  weightGradient: usize,
  other: usize,
  otherRow: usize,
  others: i32,
  measured: bool,
  work: usize,
): void {
  const depth = x.channels,
    chunk = positionsAtOnce(<i32>(max(x.row, y.row) >> 2)),
    xBytes = <usize>chunk * x.row + GAP,
    yBytes = <usize>chunk * y.row + GAP;
  const dy = work,
    packed = dy + yBytes,
    read = packed + yBytes,
    packedRead = read + xBytes;
  for (let p = 0; p < positions; p += chunk) {
    const some = min(chunk, positions - p);
    gradientPositions(y, p, some, dy);
    packEightColumns(dy, some, y.row, packed);
    let from = read;
    if (x.which >= 0) from = x.value + <usize>p * x.row;
    else readPositions(x, p, some, x.row, read, x.row);
    packSixColumns(from, some, x.row, depth, packedRead);
    weightProduct(packedRead, depth, packed, some, weightGradient, y.row);
    if (!x.gradient) continue;
    packRows(dy, some, y.row, packed);
    const target = x.gradient + <usize>p * x.row;
    const wide = <i32>(x.row / RIGHT),
      panel = <usize>y.channels * RIGHT;
    multiply(packed, 6 * y.row, (some + 5) / 6, transposed, panel, wide, y.channels, target, x.row, false);
    if (others > 0) addPositions(other + <usize>p * otherRow, otherRow, others, target, x.row, some);
    if (measured) sumGradients(x, p, some, 0, x.row);
  }
}

/** Adds Aᵀ dY, both packed by columns, to the gradient of the weights. */
export function weightProduct(
  packedRead: usize,
  depth: i32,
  packedGradient: usize,
  positions: i32,
  weightGradient: usize,
  row: usize,
): void {
  multiply(
    packedRead,
    <usize>positions * LEFT,
    (depth + 5) / 6,
    packedGradient,
    <usize>positions * RIGHT,
    <i32>(row / RIGHT),
    positions,
    weightGradient,
    row,
    true,
  );
}
