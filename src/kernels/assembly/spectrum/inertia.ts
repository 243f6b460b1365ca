import { minusProduct, plusProduct } from '../multiply-add';
import { productAccumulate } from './product';
import { lefts, rights } from './pairs';
import { PAIR, panelAt, ROW, rowAt, TILE } from './tiles';

/**
 * Counts the positive eigenvalues of a symmetric matrix S, by S = L D Lᵀ without pivoting and Sylvester's law.
 *
 * S lies in tiles, in `panels` panels (an even number); it is destroyed. With n rows, `left` holds n * `BLOCK` doubles
 * (panels as `productAccumulate` reads them). `factors` keeps L and D, one block of columns after the other: the
 * diagonal block of L row by row, BLOCK doubles per row, strictly lower (entries above are meaningless); 1 / D, BLOCK
 * doubles; the rows below, in panels. In all that is n² / 2 + n * (BLOCK + 1) doubles, rounded up to whole blocks.
 *
 * Stores at `growth` the trace of |L| |D| |L|ᵀ, from which the caller bounds the rounding errors. Returns -1 when
 * a pivot is zero or not finite; a tiny pivot shows as a large growth.
 */
export function inertia(s: usize, panels: i32, left: usize, factors: usize, growth: usize): i32 {
  const n = panels << 2;
  let sum: f64 = 0;
  let positive = 0;
  for (let first = 0; first < panels; first += BLOCK >> 2) {
    const width = min(BLOCK, n - (first << 2));
    const small = blockAt(factors, n, first << 2);
    const inverses = small + INVERSES;
    const right = small + PANELS;
    takeBlock(s, first, width, small);
    sum += factorBlock(small, width, inverses);
    for (let j = 0; j < width; j++) {
      const inverse = load<f64>(inverses + ((<usize>j) << 3));
      if (inverse === 0 || !isFinite(inverse)) return -1;
      if (inverse > 0) positive++;
    }
    const below = first + (width >> 2);
    const panelBytes: usize = (<usize>width) << 5;
    let l = left,
      r = right;
    for (let p = below; p < panels; p += 2) {
      const tiles = panelAt(s, p) + <usize>first * TILE;
      const next = tiles + <usize>(p + 1) * TILE;
      sum += solveEight(tiles, next, width, small, inverses, l, r);
      l += panelBytes << 1;
      r += panelBytes << 1;
    }
    if (below < panels) productAccumulate(left, right, below, panels, width, s);
  }
  store<f64>(growth, sum);
  return positive;
}

/** Returns the offset of the factors of the block of columns that starts at `from`. */
export function blockAt(factors: usize, n: i32, from: i32): usize {
  const blocks = from / BLOCK;
  const below = blocks * n - ((from * (blocks + 1)) >> 1);
  return factors + <usize>blocks * PANELS + ((<usize>below * BLOCK) << 3);
}

/** Columns eliminated at once. */
export const BLOCK: i32 = 16;
/** Bytes of a row of a block's own factors, from them to its 1 / D, and to its panels. */
const BLOCK_ROW: usize = (<usize>BLOCK) << 3;
export const INVERSES: usize = BLOCK_ROW * BLOCK;
export const PANELS: usize = INVERSES + BLOCK_ROW;

/** Copies the block on the diagonal, turned, to the upper triangle of `small`. */
function takeBlock(s: usize, first: i32, width: i32, small: usize): void {
  for (let i = 0; i < width; i++) {
    let from = rowAt(s, (first << 2) + i) + <usize>first * TILE;
    let to = small + ((<usize>i) << 3);
    for (let j = 0; j <= i; j += 2) {
      store<f64>(to, load<f64>(from));
      if (j < i) store<f64>(to + BLOCK_ROW, load<f64>(from, 8));
      to += BLOCK_ROW << 1;
      from += PAIR;
    }
  }
}

/**
 * Factors the block whose upper triangle is in `small`, one pivot row at a time. Leaves the unit lower L below the
 * diagonal and 1 / D at `inverses`. Returns Σ |d| + Σ |t l|.
 */
function factorBlock(small: usize, width: i32, inverses: usize): f64 {
  let sum: f64 = 0;
  const end = (<usize>width) << 3;
  for (let k = 0; k < width; k++) {
    const pivots = small + <usize>k * BLOCK_ROW;
    const pivot = load<f64>(pivots + ((<usize>k) << 3));
    const inverse = 1 / pivot;
    store<f64>(inverses + ((<usize>k) << 3), inverse);
    sum += abs(pivot);
    for (let i = k + 1; i < width; i++) {
      const t = load<f64>(pivots + ((<usize>i) << 3));
      const l = t * inverse;
      sum += abs(t * l);
      const factor = f64x2.splat(l);
      // an odd row begins one to the left of its diagonal, at an entry of L that is not written yet
      const row = small + <usize>i * BLOCK_ROW;
      for (let at: usize = (<usize>(i & ~1)) << 3; at < end; at += 16) {
        v128.store(row + at, minusProduct(v128.load(row + at), factor, v128.load(pivots + at)));
      }
      store<f64>(row + ((<usize>k) << 3), l);
    }
  }
  return sum;
}

/**
 * Solves T = S L⁻ᵀ for eight rows (two panels) below the block, two columns at a time. Stores -T in two panels of
 * `left` and T D⁻¹ in two of `right`. Returns the sum of |t l|.
 */
function solveEight(
  upper: usize,
  lower: usize,
  width: i32,
  small: usize,
  inverses: usize,
  left: usize,
  right: usize,
): f64 {
  const panelBytes: usize = (<usize>width) << 5;
  const left4 = left + panelBytes,
    right4 = right + panelBytes;
  let sum = f64x2.splat(0);
  let l0 = small;
  for (let j: usize = 0; j < <usize>width; j += 2) {
    const l1 = l0 + BLOCK_ROW;
    let row0 = v128.load(upper),
      row1 = v128.load(upper, ROW),
      row2 = v128.load(upper, 2 * ROW),
      row3 = v128.load(upper, 3 * ROW);
    let a0 = lefts(row0, row1),
      a1 = lefts(row2, row3),
      b0 = rights(row0, row1),
      b1 = rights(row2, row3);
    row0 = v128.load(lower);
    row1 = v128.load(lower, ROW);
    row2 = v128.load(lower, 2 * ROW);
    row3 = v128.load(lower, 3 * ROW);
    let a2 = lefts(row0, row1),
      a3 = lefts(row2, row3),
      b2 = rights(row0, row1),
      b3 = rights(row2, row3);
    const own: usize = j << 5;
    const end = left + own;
    let t4 = left4,
      known = l0;
    for (let t = left; t < end; t += 32) {
      // `left` is already negated
      const f0 = v128.load64_splat(known),
        f1 = v128.load64_splat(known, BLOCK_ROW);
      let ts = v128.load(t);
      a0 = plusProduct(a0, ts, f0);
      b0 = plusProduct(b0, ts, f1);
      ts = v128.load(t, 16);
      a1 = plusProduct(a1, ts, f0);
      b1 = plusProduct(b1, ts, f1);
      ts = v128.load(t4);
      a2 = plusProduct(a2, ts, f0);
      b2 = plusProduct(b2, ts, f1);
      ts = v128.load(t4, 16);
      a3 = plusProduct(a3, ts, f0);
      b3 = plusProduct(b3, ts, f1);
      t4 += 32;
      known += 8;
    }
    const between = v128.load64_splat(l1 + (j << 3));
    let inverse = v128.load64_splat(inverses + (j << 3));
    sum = f64x2.add(sum, storeTwo(a0, inverse, end, right + own));
    sum = f64x2.add(sum, storeTwo(a1, inverse, end + 16, right + own + 16));
    sum = f64x2.add(sum, storeTwo(a2, inverse, t4, right4 + own));
    sum = f64x2.add(sum, storeTwo(a3, inverse, t4 + 16, right4 + own + 16));
    inverse = v128.load64_splat(inverses + (j << 3), 8);
    b0 = minusProduct(b0, a0, between);
    b1 = minusProduct(b1, a1, between);
    b2 = minusProduct(b2, a2, between);
    b3 = minusProduct(b3, a3, between);
    sum = f64x2.add(sum, storeTwo(b0, inverse, end + 32, right + own + 32));
    sum = f64x2.add(sum, storeTwo(b1, inverse, end + 48, right + own + 48));
    sum = f64x2.add(sum, storeTwo(b2, inverse, t4 + 32, right4 + own + 32));
    sum = f64x2.add(sum, storeTwo(b3, inverse, t4 + 48, right4 + own + 48));
    upper += PAIR;
    lower += PAIR;
    l0 += BLOCK_ROW << 1;
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Stores -t and t / d; returns |t t / d|. */
function storeTwo(t: v128, inverse: v128, left: usize, right: usize): v128 {
  const l = f64x2.mul(t, inverse);
  v128.store(left, f64x2.neg(t));
  v128.store(right, l);
  return f64x2.abs(f64x2.mul(t, l));
}
