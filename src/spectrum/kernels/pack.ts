import { lefts, rights } from './pairs';

/**
 * Copies a piece of a row-major matrix into the panels `productAccumulate` reads: four rows interleaved along the
 * depth, as doubles, times `scale` (a power of two: nothing is rounded that does not underflow). Missing rows of the last panel
 * become zeros.
 *
 * `packRows*`: the Gram side runs down the rows of the piece (wide matrices, A Aᵀ).
 * `packColumns*`: it runs along the columns (tall matrices, Aᵀ A).
 */

export function packRowsF32(
  source: usize,
  stride: i32,
  rows: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  const rowBytes: usize = (<usize>stride) << 2;
  for (let row = 0; row < rows; row += 4) {
    const r0 = source + <usize>row * rowBytes;
    packFourF32(r0, rowBytes, min(rows - row, 4), depth, target, scale);
    target += (<usize>depth) << 5;
  }
}

function packFourF32(r0: usize, rowBytes: usize, rows: i32, depth: i32, target: usize, scale: f64): void {
  const r1 = r0 + rowBytes,
    r2 = r1 + rowBytes,
    r3 = r2 + rowBytes;
  const factor = f64x2.splat(scale);
  let k = 0;
  if (rows === 4) {
    for (; k + 2 <= depth; k += 2) {
      const at: usize = (<usize>k) << 2;
      const a = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(r0 + at)), factor);
      const b = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(r1 + at)), factor);
      const c = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(r2 + at)), factor);
      const d = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(r3 + at)), factor);
      interleave(target, a, b, c, d);
      target += 64;
    }
  }
  for (; k < depth; k++) {
    const at: usize = (<usize>k) << 2;
    store<f64>(target, <f64>load<f32>(r0 + at) * scale);
    store<f64>(target, rows > 1 ? <f64>load<f32>(r1 + at) * scale : 0, 8);
    store<f64>(target, rows > 2 ? <f64>load<f32>(r2 + at) * scale : 0, 16);
    store<f64>(target, rows > 3 ? <f64>load<f32>(r3 + at) * scale : 0, 24);
    target += 32;
  }
}

export function packRowsF64(
  source: usize,
  stride: i32,
  rows: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  const rowBytes: usize = (<usize>stride) << 3;
  for (let row = 0; row < rows; row += 4) {
    const r0 = source + <usize>row * rowBytes;
    packFourF64(r0, rowBytes, min(rows - row, 4), depth, target, scale);
    target += (<usize>depth) << 5;
  }
}

function packFourF64(r0: usize, rowBytes: usize, rows: i32, depth: i32, target: usize, scale: f64): void {
  const r1 = r0 + rowBytes,
    r2 = r1 + rowBytes,
    r3 = r2 + rowBytes;
  const factor = f64x2.splat(scale);
  let k = 0;
  if (rows === 4) {
    for (; k + 2 <= depth; k += 2) {
      const at: usize = (<usize>k) << 3;
      const a = f64x2.mul(v128.load(r0 + at), factor);
      const b = f64x2.mul(v128.load(r1 + at), factor);
      const c = f64x2.mul(v128.load(r2 + at), factor);
      const d = f64x2.mul(v128.load(r3 + at), factor);
      interleave(target, a, b, c, d);
      target += 64;
    }
  }
  for (; k < depth; k++) {
    const at: usize = (<usize>k) << 3;
    store<f64>(target, load<f64>(r0 + at) * scale);
    store<f64>(target, rows > 1 ? load<f64>(r1 + at) * scale : 0, 8);
    store<f64>(target, rows > 2 ? load<f64>(r2 + at) * scale : 0, 16);
    store<f64>(target, rows > 3 ? load<f64>(r3 + at) * scale : 0, 24);
    target += 32;
  }
}

/** Two steps of the depth of four rows, stored step by step. */
function interleave(target: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(target, lefts(a, b));
  v128.store(target, lefts(c, d), 16);
  v128.store(target, rights(a, b), 32);
  v128.store(target, rights(c, d), 48);
}

export function packColumnsF32(
  source: usize,
  stride: i32,
  columns: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  for (let column = 0; column < columns; column += 4) {
    packFourColumnsF32(
      source + ((<usize>column) << 2),
      (<usize>stride) << 2,
      min(columns - column, 4),
      depth,
      target,
      scale,
    );
    target += (<usize>depth) << 5;
  }
}

function packFourColumnsF32(
  source: usize,
  rowBytes: usize,
  columns: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  const factor = f64x2.splat(scale);
  for (let k = 0; k < depth; k++) {
    if (columns === 4) {
      v128.store(target, f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(source)), factor));
      v128.store(target, f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(source, 8)), factor), 16);
    } else {
      store<f64>(target, <f64>load<f32>(source) * scale);
      store<f64>(target, columns > 1 ? <f64>load<f32>(source, 4) * scale : 0, 8);
      store<f64>(target, columns > 2 ? <f64>load<f32>(source, 8) * scale : 0, 16);
      store<f64>(target, 0, 24);
    }
    source += rowBytes;
    target += 32;
  }
}

export function packColumnsF64(
  source: usize,
  stride: i32,
  columns: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  for (let column = 0; column < columns; column += 4) {
    packFourColumnsF64(
      source + ((<usize>column) << 3),
      (<usize>stride) << 3,
      min(columns - column, 4),
      depth,
      target,
      scale,
    );
    target += (<usize>depth) << 5;
  }
}

function packFourColumnsF64(
  source: usize,
  rowBytes: usize,
  columns: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  for (let k = 0; k < depth; k++) {
    store<f64>(target, load<f64>(source) * scale);
    store<f64>(target, columns > 1 ? load<f64>(source, 8) * scale : 0, 8);
    store<f64>(target, columns > 2 ? load<f64>(source, 16) * scale : 0, 16);
    store<f64>(target, columns > 3 ? load<f64>(source, 24) * scale : 0, 24);
    source += rowBytes;
    target += 32;
  }
}
