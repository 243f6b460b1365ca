import { minusProduct, plusProduct } from './multiply-add';
import { productAccumulate } from './product';
import { reflection, squaredNorm } from './reflection';
import { symmetricTimesVector } from './symmetric-times-vector';

/**
 * A block of up to BLOCK steps of the reduction that `tridiagonalise` describes, after Dongarra, Hammarling and
 * Sorensen (1989).
 *
 * A reflection changes what is left by -v wᵀ - w vᵀ. Within the block these changes are owed: the matrix is A + L Rᵀ
 * with L = [-v, -w, ...] and R = [w, v, ...], of which a row is computed when its turn comes, and a product is
 * A x + L (Rᵀ x). So A is read once a step, and written once a block, when all is paid.
 *
 * Takes away the last rows of the leading end x end block, so many that a multiple of BLOCK is left, and returns how
 * many are left; end is more than BLOCK. `work` holds (4 BLOCK + 2) (end + 4) doubles: reflection, coefficients, x and
 * y, then L and R in panels as `productAccumulate` reads them.
 */
export function tridiagonaliseBlock(
  a: usize,
  stride: i32,
  end: i32,
  diagonal: usize,
  offDiagonal: usize,
  work: usize,
): i32 {
  const begin = (end - 1) & ~(BLOCK - 1);
  const vectorBytes: usize = (<usize>((end + 3) & ~3)) << 3;
  const coefficients = work + 32;
  const x = coefficients + (DEPTH << 3);
  const y = x + vectorBytes;
  const left = y + vectorBytes;
  const panels = (vectorBytes >> 5) * PANEL;
  const right = left + panels;
  // what is not there yet counts as zero: pairs are taken two at a time, and the product takes a whole block of them
  memory.fill(left, 0, panels << 1);
  let pairs = 0;
  for (let i = end - 1; i >= begin; i--) {
    const row = a + ((<usize>i * <usize>stride) << 3);
    takeRow(right, i, coefficients);
    addCombination(row, i + 1, left, pairs, coefficients);
    store<f64>(diagonal + ((<usize>i) << 3), load<f64>(row + ((<usize>i) << 3)));
    const tau = reflectRow(row, i, x, offDiagonal + ((<usize>(i - 1)) << 3), work);
    symmetricTimesVector(a, stride, (i + 3) & ~3, x, y);
    project(x, i, left, pairs, coefficients);
    addCombination(y, i, left, pairs, coefficients);
    owe(i, tau, x, y, left, right, pairs);
    pairs++;
  }
  productAccumulate(left, right, begin >> 2, DEPTH, a, stride);
  return begin;
}

/** Steps in a block: even. */
const BLOCK: i32 = 16;
/** Columns of L and R. */
const DEPTH: i32 = 2 * BLOCK;
/** Bytes of a panel of four rows. */
const PANEL: usize = (<usize>DEPTH) << 5;

/** coefficients = row i of R. */
function takeRow(right: usize, i: i32, coefficients: usize): void {
  let from = right + <usize>(i >> 2) * PANEL + ((<usize>(i & 3)) << 3);
  for (let k = 0; k < DEPTH; k++) {
    store<f64>(coefficients + ((<usize>k) << 3), load<f64>(from));
    from += 32;
  }
}

/** target += L coefficients, over `count` rows and what fills their last panel, two pairs of columns at a time. */
function addCombination(target: usize, count: i32, left: usize, pairs: i32, coefficients: usize): void {
  const end = target + (((<usize>(count + 3)) >> 2) << 5);
  for (let p = 0; p < pairs; p += 2) {
    const c0 = v128.load64_splat(coefficients),
      c1 = v128.load64_splat(coefficients, 8),
      c2 = v128.load64_splat(coefficients, 16),
      c3 = v128.load64_splat(coefficients, 24);
    let from = left;
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
    left += 128;
    coefficients += 32;
  }
}

/** coefficients = Rᵀ x, from L, whose columns are those of R negated and each pair exchanged. */
function project(x: usize, count: i32, left: usize, pairs: i32, coefficients: usize): void {
  const end = x + (((<usize>(count + 3)) >> 2) << 5);
  for (let p = 0; p < pairs; p += 2) {
    let v0 = f64x2.splat(0),
      w0 = v0,
      v1 = v0,
      w1 = v0,
      v2 = v0,
      w2 = v0,
      v3 = v0,
      w3 = v0;
    let from = left;
    for (let at = x; at < end; at += 32) {
      const low = v128.load(at),
        high = v128.load(at, 16);
      v0 = minusProduct(v0, v128.load(from), low);
      v2 = minusProduct(v2, v128.load(from, 16), high);
      w0 = minusProduct(w0, v128.load(from, 32), low);
      w2 = minusProduct(w2, v128.load(from, 48), high);
      v1 = minusProduct(v1, v128.load(from, 64), low);
      v3 = minusProduct(v3, v128.load(from, 80), high);
      w1 = minusProduct(w1, v128.load(from, 96), low);
      w3 = minusProduct(w3, v128.load(from, 112), high);
      from += PANEL;
    }
    v128.store(coefficients, sums(f64x2.add(w0, w2), f64x2.add(v0, v2)));
    v128.store(coefficients, sums(f64x2.add(w1, w3), f64x2.add(v1, v3)), 16);
    left += 128;
    coefficients += 32;
  }
}

/** The sum of a's halves and the sum of b's. */
function sums(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

/**
 * The reflection I - tau x xᵀ, x[count - 1] = 1, that sends row[0..count-1] to beta times the last unit vector.
 * Stores beta, fills x, returns tau; tau = 0 when there is nothing to remove.
 */
function reflectRow(row: usize, count: i32, x: usize, beta: usize, result: usize): f64 {
  const last: usize = (<usize>(count - 1)) << 3;
  reflection(load<f64>(row + last), squaredNorm(row, count - 1), result);
  store<f64>(beta, load<f64>(result));
  const factor = f64x2.splat(load<f64>(result, 16));
  for (let at: usize = 0; at < last; at += 16) v128.store(x + at, f64x2.mul(v128.load(row + at), factor));
  store<f64>(x + last, 1);
  clearTail(x, count);
  return load<f64>(result, 8);
}

/** Zeros from `count` to the end of its group of four. */
function clearTail(x: usize, count: i32): void {
  for (; (count & 3) !== 0; count++) store<f64>(x + ((<usize>count) << 3), 0);
}

/** Another pair of L and R: v = x and w = tau y - (tau² (y·x) / 2) x, with which H A H = A - v wᵀ - w vᵀ. */
function owe(count: i32, tau: f64, x: usize, y: usize, left: usize, right: usize, pair: i32): void {
  clearTail(y, count);
  const end = x + (((<usize>(count + 3)) >> 2) << 5);
  let low = f64x2.splat(0),
    high = low;
  let from = y;
  for (let at = x; at < end; at += 32) {
    low = plusProduct(low, v128.load(at), v128.load(from));
    high = plusProduct(high, v128.load(at, 16), v128.load(from, 16));
    from += 32;
  }
  const sum = f64x2.add(low, high);
  const dot = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  const factor = f64x2.splat(tau),
    half = f64x2.splat(0.5 * tau * tau * dot);
  left += (<usize>pair) << 6;
  right += (<usize>pair) << 6;
  for (; x < end; x += 32) {
    owePart(v128.load(x), v128.load(y), factor, half, left, right);
    owePart(v128.load(x, 16), v128.load(y, 16), factor, half, left + 16, right + 16);
    y += 32;
    left += PANEL;
    right += PANEL;
  }
}

function owePart(v: v128, y: v128, factor: v128, half: v128, left: usize, right: usize): void {
  const w = minusProduct(f64x2.mul(factor, y), half, v);
  v128.store(left, f64x2.neg(v));
  v128.store(left, f64x2.neg(w), 32);
  v128.store(right, w);
  v128.store(right, v, 32);
}
