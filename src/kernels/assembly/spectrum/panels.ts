import { plusProduct } from '../multiply-add';
import { sums } from './pairs';

/**
 * A narrow matrix that gains columns one after another, in the panels that `productAccumulate` reads. A panel holds
 * four rows, interleaved along `DEPTH` columns. Columns are read four at a time, so an odd pair is followed by zeros.
 */

/** Steps in a block of a reduction: even, and a multiple of the rows of a panel. */
export const BLOCK: i32 = 8;
/** Columns: two per step. */
export const DEPTH: i32 = 2 * BLOCK;
/** Bytes of a panel. */
export const PANEL: usize = (<usize>DEPTH) << 5;

/** coefficients = the first `pairs` pairs of row i, followed by two zeros. */
export function takeRow(panels: usize, i: i32, pairs: i32, coefficients: usize): void {
  let from = panels + <usize>(i >> 2) * PANEL + ((<usize>(i & 3)) << 3);
  const end = coefficients + ((<usize>pairs) << 4);
  for (; coefficients < end; coefficients += 16) {
    store<f64>(coefficients, load<f64>(from));
    store<f64>(coefficients, load<f64>(from, 32), 8);
    from += 64;
  }
  v128.store(coefficients, f64x2.splat(0));
}

/** target += P coefficients, for the rows from the panel at `panels` up to `end`. */
export function addCombination(
  target: usize,
  end: usize,
  panels: usize,
  pairs: i32,
  coefficients: usize,
): void {
  for (let p = 0; p < pairs; p += 2) {
    const c0 = v128.load64_splat(coefficients),
      c1 = v128.load64_splat(coefficients, 8),
      c2 = v128.load64_splat(coefficients, 16),
      c3 = v128.load64_splat(coefficients, 24);
    let from = panels;
    for (let to = target; to < end; to += 32) {
      let low = plusProduct(v128.load(to), v128.load(from), c0);
      let high = plusProduct(v128.load(to, 16), v128.load(from, 16), c0);
      low = plusProduct(low, v128.load(from, 32), c1);
      high = plusProduct(high, v128.load(from, 48), c1);
      low = plusProduct(low, v128.load(from, 64), c2);
      high = plusProduct(high, v128.load(from, 80), c2);
      v128.store(to, plusProduct(low, v128.load(from, 96), c3));
      v128.store(to, plusProduct(high, v128.load(from, 112), c3), 16);
      from += PANEL;
    }
    panels += 128;
    coefficients += 32;
  }
}

/** coefficients = Pᵀ x, over the rows from `x` to `end`; `panels` is the panel of the first row. */
export function project(x: usize, end: usize, panels: usize, pairs: i32, coefficients: usize): void {
  for (let p = 0; p < pairs; p += 2) {
    let a0 = f64x2.splat(0),
      b0 = a0,
      c0 = a0,
      d0 = a0,
      a1 = a0,
      b1 = a0,
      c1 = a0,
      d1 = a0;
    let from = panels;
    for (let at = x; at < end; at += 32) {
      const low = v128.load(at),
        high = v128.load(at, 16);
      a0 = plusProduct(a0, v128.load(from), low);
      a1 = plusProduct(a1, v128.load(from, 16), high);
      b0 = plusProduct(b0, v128.load(from, 32), low);
      b1 = plusProduct(b1, v128.load(from, 48), high);
      c0 = plusProduct(c0, v128.load(from, 64), low);
      c1 = plusProduct(c1, v128.load(from, 80), high);
      d0 = plusProduct(d0, v128.load(from, 96), low);
      d1 = plusProduct(d1, v128.load(from, 112), high);
      from += PANEL;
    }
    v128.store(coefficients, sums(f64x2.add(a0, a1), f64x2.add(b0, b1)));
    v128.store(coefficients, sums(f64x2.add(c0, c1), f64x2.add(d0, d1)), 16);
    panels += 128;
    coefficients += 32;
  }
}

/** Zeros for a pair of columns in one panel. */
export function clearPair(at: usize): void {
  const zero = f64x2.splat(0);
  v128.store(at, zero);
  v128.store(at, zero, 16);
  v128.store(at, zero, 32);
  v128.store(at, zero, 48);
}

/** x·y over the entries from x to `end`; their number is a multiple of four. */
export function dot(x: usize, y: usize, end: usize): f64 {
  let low = f64x2.splat(0),
    high = low;
  for (; x < end; x += 32) {
    low = plusProduct(low, v128.load(x), v128.load(y));
    high = plusProduct(high, v128.load(x, 16), v128.load(y, 16));
    y += 32;
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
