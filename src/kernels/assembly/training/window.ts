import { addPositions } from './add';
import { gradientPositions, sumGradients, sumPositions } from './gradient';
import { multiply } from './multiply';
import { packEightColumns, packRows, packSixColumns, RIGHT } from './panels';
import { weightProduct } from './product';
import { readPositions } from './read';
import { positionsAtOnce, View } from './view';

/**
 * Ordinary convolutions of k x k pixels. What is read of an image lies in a plane with a border of zeros, its channels
 * without padding, so that a line of a window is one piece of memory. The windows of a chunk of positions are
 * gathered from it as rows, and the convolution is a product with these. Windows of a whole image are never in memory.
 */
@unmanaged
export class Window {
  images: i32;
  height: i32;
  width: i32;
  kernel: i32;
  stride: i32;
}

// @inline
function outputs(size: i32, stride: i32): i32 {
  return (size + stride - 1) / stride;
}

// @inline
function planeRow(x: View, w: Window): usize {
  return (<usize>((w.width + w.kernel - 1) * x.channels)) << 2;
}

// @inline
function planeBytes(x: View, w: Window): usize {
  return planeRow(x, w) * <usize>(w.height + w.kernel - 1) + GAP;
}

/** What vectors may read or write past a piece of the work space. */
const GAP: usize = 256;

/** Bytes of a gathered window: whole panels. */
// @inline
function windowRow(x: View, w: Window): usize {
  return (<usize>((w.kernel * w.kernel * x.channels + 7) & ~7)) << 2;
}

/** Y = X * W with zeros around each image; `weights` are panels of [k, k, channels, outputs] as a matrix. */
export function windowForward(
  x: View,
  w: Window,
  weights: usize,
  y: View,
  measured: bool,
  work: usize,
): void {
  const high = outputs(w.height, w.stride),
    wide = outputs(w.width, w.stride),
    positions = high * wide,
    row = windowRow(x, w),
    depth = w.kernel * w.kernel * x.channels,
    chunk = positionsAtOnce(<i32>(max(row, y.row) >> 2)),
    plane = work,
    gathered = plane + planeBytes(x, w),
    packed = gathered + <usize>chunk * row + GAP;
  for (let image = 0; image < w.images; image++) {
    fillPlane(x, w, image, plane);
    for (let p = 0; p < positions; p += chunk) {
      const some = min(chunk, positions - p),
        at = image * positions + p;
      gather(x, w, plane, p, some, wide, gathered);
      packRows(gathered, some, row, packed);
      const target = y.y + <usize>at * y.row;
      const panels = <i32>(y.row / RIGHT);
      multiply(
        packed,
        6 * row,
        (some + 5) / 6,
        weights,
        <usize>depth * RIGHT,
        panels,
        depth,
        target,
        y.row,
        false,
      );
      if (!measured) continue;
      if (at === 0) memory.copy(y.first, y.y, y.row);
      sumPositions(y, at, some, 0, y.row);
    }
  }
}

/** As `productBackward`; the gradient of a window is scattered over a plane, whose sum is that of the image. */
export function windowBackward(
  x: View,
  w: Window,
  transposed: usize,
  y: View,
  weightGradient: usize,
  other: usize,
  otherRow: usize,
  others: i32,
  measured: bool,
  work: usize,
): void {
  const high = outputs(w.height, w.stride),
    wide = outputs(w.width, w.stride),
    positions = high * wide,
    row = windowRow(x, w),
    depth = w.kernel * w.kernel * x.channels,
    chunk = positionsAtOnce(<i32>(max(row, y.row) >> 2)),
    yBytes = <usize>chunk * y.row + GAP,
    wBytes = <usize>chunk * (row + 24) + GAP;
  const plane = work,
    sums = plane + planeBytes(x, w),
    dy = sums + planeBytes(x, w),
    packed = dy + yBytes,
    gathered = packed + yBytes,
    packedWindows = gathered + wBytes;
  for (let image = 0; image < w.images; image++) {
    fillPlane(x, w, image, plane);
    if (x.gradient) memory.fill(sums, 0, planeBytes(x, w));
    for (let p = 0; p < positions; p += chunk) {
      const some = min(chunk, positions - p);
      gradientPositions(y, image * positions + p, some, dy);
      packEightColumns(dy, some, y.row, packed);
      gather(x, w, plane, p, some, wide, gathered);
      packSixColumns(gathered, some, row, depth, packedWindows);
      weightProduct(packedWindows, depth, packed, some, weightGradient, y.row);
      if (!x.gradient) continue;
      packRows(dy, some, y.row, packed);
      const panel = <usize>y.channels * RIGHT;
      multiply(
        packed,
        6 * y.row,
        (some + 5) / 6,
        transposed,
        panel,
        <i32>(row / RIGHT),
        y.channels,
        gathered,
        row,
        false,
      );
      scatter(x, w, gathered, p, some, wide, sums);
    }
    if (x.gradient) readSums(x, w, image, sums, other, otherRow, others, measured);
  }
}

function fillPlane(x: View, w: Window, image: i32, plane: usize): void {
  const padding = (w.kernel - 1) >> 1,
    row = planeRow(x, w),
    channels = (<usize>x.channels) << 2,
    border = <usize>padding * channels;
  memory.fill(plane, 0, planeBytes(x, w));
  for (let r = 0; r < w.height; r++) {
    const at = (image * w.height + r) * w.width;
    const line = plane + <usize>(r + padding) * row;
    let target = line + border;
    // a vector may run into the next pixel, or the border, and is overwritten
    for (let c = 0; c < w.width; c++) {
      readPositions(x, at + c, 1, (channels + 15) & ~15, target, 0);
      target += channels;
    }
    memory.fill(target, 0, max<usize>(2 * border, 16));
  }
}

/** Rows of windows, line by line of the kernel. */
function gather(x: View, w: Window, plane: usize, from: i32, positions: i32, wide: i32, target: usize): void {
  const row = planeRow(x, w),
    pixel = (<usize>x.channels) << 2,
    line = <usize>w.kernel * pixel,
    bytes = windowRow(x, w),
    spare = bytes - <usize>w.kernel * line;
  for (let p = from; p < from + positions; p++) {
    let start = plane + <usize>((p / wide) * w.stride) * row + <usize>((p % wide) * w.stride) * pixel;
    for (let ky = 0; ky < w.kernel; ky++) {
      for (let k: usize = 0; k < line; k += 16) v128.store(target + k, v128.load(start + k));
      start += row;
      target += line;
    }
    for (let k: usize = 0; k < spare; k += 4) store<f32>(target + k, 0);
    target += spare;
  }
}

/** Adds rows of windows to the plane they were gathered from. */
function scatter(x: View, w: Window, from: usize, first: i32, positions: i32, wide: i32, plane: usize): void {
  const row = planeRow(x, w),
    pixel = (<usize>x.channels) << 2,
    line = w.kernel * x.channels,
    bytes = windowRow(x, w);
  for (let p = first; p < first + positions; p++) {
    const start = plane + <usize>((p / wide) * w.stride) * row + <usize>((p % wide) * w.stride) * pixel;
    for (let ky = 0; ky < w.kernel; ky++) {
      const lineBytes = (<usize>line) << 2;
      addPositions(from + <usize>ky * lineBytes, 0, line, start + <usize>ky * row, 0, 1);
    }
    from += bytes;
  }
}

/** The gradient of an image from its plane; what lies in the border is of no pixel. */
function readSums(
  x: View,
  w: Window,
  image: i32,
  sums: usize,
  other: usize,
  otherRow: usize,
  others: i32,
  measured: bool,
): void {
  const padding = (w.kernel - 1) >> 1,
    row = planeRow(x, w),
    pixel = (<usize>x.channels) << 2,
    pixels = w.height * w.width,
    start = x.gradient + <usize>(image * pixels) * x.row;
  let target = start;
  for (let r = 0; r < w.height; r++) {
    let from = sums + <usize>(r + padding) * row + <usize>padding * pixel;
    for (let c = 0; c < w.width; c++) {
      for (let k: usize = 0; k < pixel; k += 16) v128.store(target + k, v128.load(from + k));
      for (let k = pixel; k < x.row; k += 4) store<f32>(target + k, 0);
      from += pixel;
      target += x.row;
    }
  }
  if (others > 0)
    addPositions(other + <usize>(image * pixels) * otherRow, otherRow, others, start, x.row, pixels);
  if (measured) sumGradients(x, image * pixels, pixels, 0, x.row);
}
