import { plusProduct } from './multiply-add';
import { productAccumulate } from './product';

/**
 * The number of positive eigenvalues of a symmetric matrix S, by S = L D Lᵀ without pivoting and Sylvester's law.
 *
 * Layout: S row-major, `stride` doubles a row, lower triangle; n is a multiple of eight. S is destroyed. `left` holds
 * n * `BLOCK` doubles (panels as `productAccumulate` reads them). At `factors` L and D are kept, one block of columns
 * after the other: the block of L row by row, BLOCK doubles a row, strictly lower; 1 / D, BLOCK doubles; what lies below in
 * panels. That is n² / 2 + n * (BLOCK + 1) doubles, rounded up to whole blocks.
 *
 * Stores at `growth` the trace of |L| |D| |L|ᵀ, from which the caller bounds the rounding errors. Returns -1 when
 * a pivot is zero or not finite; a tiny pivot shows as a large growth.
 */
export function inertia(s: usize, stride: i32, n: i32, left: usize, factors: usize, growth: usize): i32 {
  const rowBytes: usize = (<usize>stride) << 3;
  store<f64>(growth, 0);
  let positive = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const width = min(BLOCK, n - from);
    const corner = s + <usize>from * (rowBytes + 8);
    const small = blockAt(factors, n, from);
    const inverses = small + INVERSES;
    const right = small + PANELS;
    const found = factorBlock(corner, rowBytes, width, small, inverses, growth);
    if (found < 0) return -1;
    positive += found;
    const below = n - from - width;
    if (below === 0) break;
    const panelBytes: usize = (<usize>width) << 5;
    let sum: f64 = 0;
    for (let p = 0; p < below >> 2; p += 2) {
      const offset = <usize>p * panelBytes;
      const rows = corner + (<usize>width + ((<usize>p) << 2)) * rowBytes;
      sum += solveEight(rows, rowBytes, width, small, inverses, left + offset, right + offset);
    }
    store<f64>(growth, load<f64>(growth) + sum);
    productAccumulate(left, right, below >> 2, width, corner + <usize>width * (rowBytes + 8), stride);
  }
  return positive;
}

/** Where the factors of the block of columns from `from` on lie. */
export function blockAt(factors: usize, n: i32, from: i32): usize {
  const blocks = from / BLOCK;
  const below = blocks * n - ((from * (blocks + 1)) >> 1);
  return factors + <usize>blocks * PANELS + ((<usize>below * BLOCK) << 3);
}

/** Columns eliminated at once. */
export const BLOCK: i32 = 32;
/** Bytes from a block's factors to its 1 / D, and to its panels. */
export const INVERSES: usize = 32 * 32 * 8;
export const PANELS: usize = INVERSES + 32 * 8;

/**
 * Factors the width x width block at `corner`: L (unit, strictly lower) row by row into `small`, 1 / D into
 * `inverses`. Returns the number of positive pivots, -1 for a pivot that is zero or not finite.
 */
function factorBlock(
  corner: usize,
  rowBytes: usize,
  width: i32,
  small: usize,
  inverses: usize,
  growth: usize,
): i32 {
  let positive = 0;
  let sum: f64 = 0;
  for (let i = 0; i < width; i++) {
    const row = corner + <usize>i * rowBytes;
    const own = small + ((<usize>i * BLOCK) << 3);
    let pivot = load<f64>(row + ((<usize>i) << 3));
    // t[j] = s[i][j] - Σ t[k] l[j][k] overwrites the row of S
    for (let j = 0; j < i; j++) {
      const other = small + ((<usize>j * BLOCK) << 3);
      const at = row + ((<usize>j) << 3);
      store<f64>(at, load<f64>(at) - dot(row, other, j));
    }
    for (let j = 0; j < i; j++) {
      const t = load<f64>(row + ((<usize>j) << 3));
      const l = t * load<f64>(inverses + ((<usize>j) << 3));
      store<f64>(own + ((<usize>j) << 3), l);
      pivot -= t * l;
      sum += abs(t * l);
    }
    const inverse = 1 / pivot;
    if (pivot === 0 || !isFinite(pivot) || !isFinite(inverse)) return -1;
    store<f64>(inverses + ((<usize>i) << 3), inverse);
    sum += abs(pivot);
    if (pivot > 0) positive++;
  }
  store<f64>(growth, load<f64>(growth) + sum);
  return positive;
}

/** Σ x[k] y[k], k < count, in four sums. */
function dot(x: usize, y: usize, count: i32): f64 {
  let sum0 = f64x2.splat(0),
    sum1 = f64x2.splat(0);
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const at: usize = (<usize>k) << 3;
    sum0 = plusProduct(sum0, v128.load(x + at), v128.load(y + at));
    sum1 = plusProduct(sum1, v128.load(x + at, 16), v128.load(y + at, 16));
  }
  const sum = f64x2.add(sum0, sum1);
  let result = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  for (; k < count; k++) {
    const at: usize = (<usize>k) << 3;
    result += load<f64>(x + at) * load<f64>(y + at);
  }
  return result;
}

/**
 * Eight rows below the block: T = S L⁻ᵀ by forward substitution, stored interleaved and negated in two panels of
 * `left`, T D⁻¹ in those of `right`. Returns the sum of |t l|.
 */
function solveEight(
  rows: usize,
  rowBytes: usize,
  width: i32,
  small: usize,
  inverses: usize,
  left: usize,
  right: usize,
): f64 {
  const panelBytes: usize = (<usize>width) << 5;
  const rows4 = rows + (rowBytes << 2);
  const left4 = left + panelBytes,
    right4 = right + panelBytes;
  let sum = f64x2.splat(0);
  for (let j = 0; j < width; j++) {
    const at: usize = (<usize>j) << 3;
    let s0 = column(rows + at, rowBytes),
      s1 = column(rows + at + (rowBytes << 1), rowBytes);
    let s2 = column(rows4 + at, rowBytes),
      s3 = column(rows4 + at + (rowBytes << 1), rowBytes);
    let l = small + ((<usize>j * BLOCK) << 3);
    const own: usize = (<usize>j) << 5;
    const end = left + own;
    let t4 = left4;
    for (let t = left; t < end; t += 32) {
      const factor = v128.load64_splat(l);
      // what lies in `left` is negated already
      s0 = plusProduct(s0, v128.load(t), factor);
      s1 = plusProduct(s1, v128.load(t, 16), factor);
      s2 = plusProduct(s2, v128.load(t4), factor);
      s3 = plusProduct(s3, v128.load(t4, 16), factor);
      t4 += 32;
      l += 8;
    }
    const inverse = v128.load64_splat(inverses + at);
    sum = f64x2.add(sum, storeTwo(s0, inverse, end, right + own));
    sum = f64x2.add(sum, storeTwo(s1, inverse, end + 16, right + own + 16));
    sum = f64x2.add(sum, storeTwo(s2, inverse, t4, right4 + own));
    sum = f64x2.add(sum, storeTwo(s3, inverse, t4 + 16, right4 + own + 16));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** The entries of two rows in one column. */
function column(at: usize, rowBytes: usize): v128 {
  return v128.load64_lane(at + rowBytes, v128.load64_zero(at), 1);
}

/** Stores -t and t / d; returns |t t / d|. */
function storeTwo(t: v128, inverse: v128, left: usize, right: usize): v128 {
  const l = f64x2.mul(t, inverse);
  v128.store(left, f64x2.neg(t));
  v128.store(right, l);
  return f64x2.abs(f64x2.mul(t, l));
}
