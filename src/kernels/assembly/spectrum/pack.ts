import { lefts, rights } from './pairs';

/**
 * Copies a piece of a row-major matrix into the panels that `productAccumulate` reads: four rows interleaved along the
 * depth. Entries become doubles times `scale`, a power of two, so only underflow rounds. Missing rows of the last panel
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
  packRows<f32>(source, stride, rows, depth, target, scale);
}

export function packRowsF64(
  source: usize,
  stride: i32,
  rows: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  packRows<f64>(source, stride, rows, depth, target, scale);
}

export function packColumnsF32(
  source: usize,
  stride: i32,
  columns: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  packColumns<f32>(source, stride, columns, depth, target, scale);
}

export function packColumnsF64(
  source: usize,
  stride: i32,
  columns: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  packColumns<f64>(source, stride, columns, depth, target, scale);
}

function packRows<T>(source: usize, stride: i32, rows: i32, depth: i32, target: usize, scale: f64): void {
  const rowBytes = (<usize>stride) << alignof<T>();
  for (let row = 0; row < rows; row += 4) {
    packFour<T>(source + <usize>row * rowBytes, rowBytes, min(rows - row, 4), depth, target, scale);
    target += (<usize>depth) << 5;
  }
}

function packFour<T>(r0: usize, rowBytes: usize, rows: i32, depth: i32, target: usize, scale: f64): void {
  const r1 = r0 + rowBytes,
    r2 = r1 + rowBytes,
    r3 = r2 + rowBytes;
  const factor = f64x2.splat(scale);
  let k = 0;
  if (rows === 4) {
    for (; k + 2 <= depth; k += 2) {
      const at = (<usize>k) << alignof<T>();
      const a = f64x2.mul(pair<T>(r0 + at), factor);
      const b = f64x2.mul(pair<T>(r1 + at), factor);
      const c = f64x2.mul(pair<T>(r2 + at), factor);
      const d = f64x2.mul(pair<T>(r3 + at), factor);
      // two steps of the depth, stored step by step
      v128.store(target, lefts(a, b));
      v128.store(target, lefts(c, d), 16);
      v128.store(target, rights(a, b), 32);
      v128.store(target, rights(c, d), 48);
      target += 64;
    }
  }
  for (; k < depth; k++) {
    const at = (<usize>k) << alignof<T>();
    store<f64>(target, one<T>(r0 + at) * scale);
    store<f64>(target, rows > 1 ? one<T>(r1 + at) * scale : 0, 8);
    store<f64>(target, rows > 2 ? one<T>(r2 + at) * scale : 0, 16);
    store<f64>(target, rows > 3 ? one<T>(r3 + at) * scale : 0, 24);
    target += 32;
  }
}

function packColumns<T>(
  source: usize,
  stride: i32,
  columns: i32,
  depth: i32,
  target: usize,
  scale: f64,
): void {
  const size = sizeof<T>();
  const rowBytes = (<usize>stride) << alignof<T>();
  const factor = f64x2.splat(scale);
  for (let column = 0; column < columns; column += 4) {
    const count = min(columns - column, 4);
    let from = source + <usize>column * size;
    for (let k = 0; k < depth; k++) {
      if (count === 4) {
        v128.store(target, f64x2.mul(pair<T>(from), factor));
        v128.store(target, f64x2.mul(pair<T>(from + 2 * size), factor), 16);
      } else {
        store<f64>(target, one<T>(from) * scale);
        store<f64>(target, count > 1 ? one<T>(from + size) * scale : 0, 8);
        store<f64>(target, count > 2 ? one<T>(from + 2 * size) * scale : 0, 16);
        store<f64>(target, 0, 24);
      }
      from += rowBytes;
      target += 32;
    }
  }
}

/** Two neighbours as doubles. */
function pair<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

function one<T>(at: usize): f64 {
  return <f64>load<T>(at);
}
