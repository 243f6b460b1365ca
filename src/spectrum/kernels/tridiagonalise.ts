import { minusProduct, plusProduct } from './multiply-add';
import { sums } from './pairs';
import { productAccumulate } from './product';
import { NEGLIGIBLE, squaredNorm } from './reflection';
import { symmetricTimesVector } from './symmetric-times-vector';
import { PAIR, rowAt } from './tiles';

/**
 * Householder reduction of a symmetric n x n matrix in tiles to tridiagonal form, without keeping the reflections; in
 * blocks of steps, after Dongarra, Hammarling and Sorensen (1989). The matrix is destroyed.
 *
 * Rows are taken away from the bottom, so that what is left is always a leading block. A step's reflection changes it by
 * -v wᵀ - w vᵀ. Within a block of steps these changes are owed: the matrix is A + L Rᵀ with L = [-v, -w, ...] and
 * R = [w, v, ...], of which a row is computed when its turn comes, and a product is A x + L (Rᵀ x). So A is read once a
 * step, and written once a block, when all is paid.
 *
 * `work` holds 2 BLOCK + (4 BLOCK + 2) (n + 3) doubles: coefficients, x and y, then L and R in panels as
 * `productAccumulate` reads them.
 */
export function tridiagonalise(a: usize, n: i32, diagonal: usize, offDiagonal: usize, work: usize): void {
  while (n > 0) n = takeBlock(a, n, diagonal, offDiagonal, work);
}

/** Steps in a block: even, and a multiple of the rows of a panel. */
const BLOCK: i32 = 8;
/** Columns of L and R. */
const DEPTH: i32 = 2 * BLOCK;
/** Bytes of a panel of four rows of them. */
const PANEL: usize = (<usize>DEPTH) << 5;

/**
 * Takes away the last rows of the leading end x end block, so many that a multiple of BLOCK is left, and returns how
 * many are left.
 */
function takeBlock(a: usize, end: i32, diagonal: usize, offDiagonal: usize, work: usize): i32 {
  const begin = (end - 1) & ~(BLOCK - 1);
  const vectorBytes: usize = (<usize>((end + 3) & ~3)) << 3;
  const x = work + (DEPTH << 3);
  const y = x + vectorBytes;
  const left = y + vectorBytes;
  const bytes = (vectorBytes >> 5) * PANEL;
  const right = left + bytes;
  // a first block that is not whole is paid as if it were
  if (end - begin < BLOCK) memory.fill(left, 0, bytes << 1);
  let pairs = 0;
  for (let i = end - 1; i >= begin; i--) {
    copyRow(rowAt(a, i), i + 1, x);
    takeCoefficients(right, i, pairs, work);
    addCombination(x, i + 1, left, pairs, work);
    store<f64>(diagonal + ((<usize>i) << 3), load<f64>(x + ((<usize>i) << 3)));
    if (i === 0) return 0;
    const tau = reflect(x, i, offDiagonal + ((<usize>(i - 1)) << 3));
    symmetricTimesVector(a, (i + 3) >> 2, x, y);
    project(x, i, left, pairs, work);
    addCombination(y, i, left, pairs, work);
    owe(i, tau, x, y, left, right, pairs);
    pairs++;
  }
  productAccumulate(left, right, 0, begin >> 2, DEPTH, a);
  return begin;
}

/** The first `count` entries of a row, two at a time. */
function copyRow(row: usize, count: i32, x: usize): void {
  const end = x + ((<usize>count) << 3);
  for (; x < end; x += 16) {
    v128.store(x, v128.load(row));
    row += PAIR;
  }
}

/** coefficients = row i of R, and two zeros behind it. */
function takeCoefficients(right: usize, i: i32, pairs: i32, coefficients: usize): void {
  let from = right + <usize>(i >> 2) * PANEL + ((<usize>(i & 3)) << 3);
  const end = coefficients + ((<usize>pairs) << 4);
  for (; coefficients < end; coefficients += 16) {
    store<f64>(coefficients, load<f64>(from));
    store<f64>(coefficients, load<f64>(from, 32), 8);
    from += 64;
  }
  v128.store(coefficients, f64x2.splat(0));
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

/**
 * The reflection I - tau v vᵀ that sends x[0..count-1] to beta times the last unit vector: makes v of x, with zeros up to
 * the end of its panel, stores beta, and returns tau, which is 0 where there is nothing to remove.
 */
function reflect(x: usize, count: i32, beta: usize): f64 {
  const last = x + ((<usize>(count - 1)) << 3);
  const alpha = load<f64>(last);
  const sum = squaredNorm(x, count - 1);
  clearTail(x, count);
  if (sum < NEGLIGIBLE) {
    store<f64>(beta, alpha);
    return 0;
  }
  const length = Math.sqrt(alpha * alpha + sum);
  const end = alpha > 0 ? -length : length;
  store<f64>(beta, end);
  store<f64>(last, alpha - end);
  return 1 / (end * (end - alpha));
}

/** Zeros from `count` to the end of its panel. */
function clearTail(x: usize, count: i32): void {
  for (; (count & 3) !== 0; count++) store<f64>(x + ((<usize>count) << 3), 0);
}

/**
 * Another pair of L and R: v = x and w = tau y - (tau² (y·x) / 2) x, with which H A H = A - v wᵀ - w vᵀ. Pairs are taken
 * two at a time: behind the first of two L gets zeros.
 */
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
    half = f64x2.splat(0.5 * tau * dot);
  left += (<usize>pair) << 6;
  right += (<usize>pair) << 6;
  for (; x < end; x += 32) {
    owePart(v128.load(x), v128.load(y), factor, half, left, right);
    owePart(v128.load(x, 16), v128.load(y, 16), factor, half, left + 16, right + 16);
    if ((pair & 1) === 0) clearPair(left + 64);
    y += 32;
    left += PANEL;
    right += PANEL;
  }
}

/** What a pair of columns has in four rows. */
function clearPair(at: usize): void {
  const zero = f64x2.splat(0);
  v128.store(at, zero);
  v128.store(at, zero, 16);
  v128.store(at, zero, 32);
  v128.store(at, zero, 48);
}

function owePart(v: v128, y: v128, factor: v128, half: v128, left: usize, right: usize): void {
  const w = minusProduct(f64x2.mul(factor, y), half, f64x2.mul(factor, v));
  v128.store(left, f64x2.neg(v));
  v128.store(left, f64x2.neg(w), 32);
  v128.store(right, w);
  v128.store(right, v, 32);
}
