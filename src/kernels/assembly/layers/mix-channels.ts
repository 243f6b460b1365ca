import { plusProductF32 } from '../multiply-add';

/**
 * X W in float32: the sums of a convolution whose window is one pixel. Every entry is summed in the order of the input
 * channels, whatever the blocking, so the bits are those of the plain triple loop. A product and its sum are rounded
 * once in fused kernels, and once each otherwise.
 *
 * Layout. X: positions by channels, row-major. The sums: the same, each row padded to whole panels of W. A panel of W
 * holds eight output channels: weight (k, o) of panel p lies at `((p * inputs + k) * 8 + o) * 4`. A panel of X holds
 * six positions: `((p * inputs + k) * 6 + row) * 4`. Six by eight sums fill the registers of x86.
 */

/** Input channels summed before the next tile. Panels of X and W this deep stay in the first-level cache. */
const DEPTH: i32 = 384;
/** Panels of X processed before the next panel of W. This number, `DEPTH` deep, stays in the second-level cache. */
const PANELS: i32 = 24;

/** Packs row-major weights, inputs x outputs, into panels; output channels that do not exist are zero. */
export function packWeights(weights: usize, inputs: i32, outputs: i32, target: usize): void {
  const rowBytes: usize = (<usize>outputs) << 2;
  for (let o = 0; o < outputs; o += 8) {
    const whole = o + 8 <= outputs;
    let from = weights + ((<usize>o) << 2);
    for (let k = 0; k < inputs; k++) {
      if (whole) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
      } else {
        for (let i = 0; i < 8; i++) {
          const at: usize = (<usize>i) << 2;
          store<f32>(target + at, o + i < outputs ? load<f32>(from + at) : 0);
        }
      }
      from += rowBytes;
      target += 32;
    }
  }
}

/** Computes the sums. `packed` is work space for X in panels; rows up to the next multiple of six are written. */
export function mixChannels(
  x: usize,
  positions: i32,
  inputs: i32,
  weights: usize,
  outputs: i32,
  packed: usize,
  sums: usize,
): void {
  packPositions(x, positions, inputs, packed);
  const panels = (positions + 5) / 6;
  const wide = (outputs + 7) >> 3;
  const rowBytes: usize = (<usize>wide) << 5;
  for (let k = 0; k < inputs; k += DEPTH) {
    const depth = min(DEPTH, inputs - k);
    for (let top = 0; top < panels; top += PANELS) {
      const bottom = min(top + PANELS, panels);
      for (let j = 0; j < wide; j++) {
        const right = weights + ((<usize>(j * inputs + k)) << 5);
        for (let i = top; i < bottom; i++) {
          const left = packed + <usize>(i * inputs + k) * STEP;
          const tile = sums + <usize>i * 6 * rowBytes + ((<usize>j) << 5);
          addTile(left, right, depth, tile, rowBytes, k === 0);
        }
      }
    }
  }
}

/** Bytes of a panel of X for one input channel. */
const STEP: usize = 24;

/** Packs rows of X six by six. Missing rows repeat the first; their sums are not used. */
function packPositions(x: usize, positions: i32, inputs: i32, target: usize): void {
  const rowBytes: usize = (<usize>inputs) << 2;
  for (let row = 0; row < positions; row += 6) {
    let r0 = x + <usize>row * rowBytes;
    let r1 = row + 1 < positions ? r0 + rowBytes : x;
    let r2 = row + 2 < positions ? r0 + 2 * rowBytes : x;
    let r3 = row + 3 < positions ? r0 + 3 * rowBytes : x;
    let r4 = row + 4 < positions ? r0 + 4 * rowBytes : x;
    let r5 = row + 5 < positions ? r0 + 5 * rowBytes : x;
    let k = 0;
    for (; k + 4 <= inputs; k += 4) {
      const a = v128.load(r0),
        b = v128.load(r1),
        c = v128.load(r2),
        d = v128.load(r3),
        e = v128.load(r4),
        f = v128.load(r5);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5),
        cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5),
        ef = v128.shuffle<i32>(e, f, 0, 4, 1, 5);
      const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7),
        CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7),
        EF = v128.shuffle<i32>(e, f, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store64_lane(target, ef, 0, 16);
      v128.store(target, v128.shuffle<i64>(ab, cd, 1, 3), 24);
      v128.store64_lane(target, ef, 1, 40);
      v128.store(target, v128.shuffle<i64>(AB, CD, 0, 2), 48);
      v128.store64_lane(target, EF, 0, 64);
      v128.store(target, v128.shuffle<i64>(AB, CD, 1, 3), 72);
      v128.store64_lane(target, EF, 1, 88);
      r0 += 16;
      r1 += 16;
      r2 += 16;
      r3 += 16;
      r4 += 16;
      r5 += 16;
      target += 4 * STEP;
    }
    for (; k < inputs; k++) {
      store<f32>(target, load<f32>(r0));
      store<f32>(target, load<f32>(r1), 4);
      store<f32>(target, load<f32>(r2), 8);
      store<f32>(target, load<f32>(r3), 12);
      store<f32>(target, load<f32>(r4), 16);
      store<f32>(target, load<f32>(r5), 20);
      r0 += 4;
      r1 += 4;
      r2 += 4;
      r3 += 4;
      r4 += 4;
      r5 += 4;
      target += STEP;
    }
  }
}

/** Six positions by eight output channels, from zero or from the sums so far. */
function addTile(left: usize, right: usize, depth: i32, c: usize, rowBytes: usize, first: bool): void {
  let at = c;
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00,
    c50 = c00,
    c51 = c00;
  if (!first) {
    c00 = v128.load(at);
    c01 = v128.load(at, 16);
    at += rowBytes;
    c10 = v128.load(at);
    c11 = v128.load(at, 16);
    at += rowBytes;
    c20 = v128.load(at);
    c21 = v128.load(at, 16);
    at += rowBytes;
    c30 = v128.load(at);
    c31 = v128.load(at, 16);
    at += rowBytes;
    c40 = v128.load(at);
    c41 = v128.load(at, 16);
    at += rowBytes;
    c50 = v128.load(at);
    c51 = v128.load(at, 16);
  }
  const end = left + <usize>depth * STEP;
  while (left < end) {
    const b0 = v128.load(right),
      b1 = v128.load(right, 16);
    let a = v128.load32_splat(left);
    c00 = plusProductF32(c00, a, b0);
    c01 = plusProductF32(c01, a, b1);
    a = v128.load32_splat(left, 4);
    c10 = plusProductF32(c10, a, b0);
    c11 = plusProductF32(c11, a, b1);
    a = v128.load32_splat(left, 8);
    c20 = plusProductF32(c20, a, b0);
    c21 = plusProductF32(c21, a, b1);
    a = v128.load32_splat(left, 12);
    c30 = plusProductF32(c30, a, b0);
    c31 = plusProductF32(c31, a, b1);
    a = v128.load32_splat(left, 16);
    c40 = plusProductF32(c40, a, b0);
    c41 = plusProductF32(c41, a, b1);
    a = v128.load32_splat(left, 20);
    c50 = plusProductF32(c50, a, b0);
    c51 = plusProductF32(c51, a, b1);
    left += STEP;
    right += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += rowBytes;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += rowBytes;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += rowBytes;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += rowBytes;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += rowBytes;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}
