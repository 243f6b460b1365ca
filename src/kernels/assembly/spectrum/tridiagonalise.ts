import { minusProduct } from '../multiply-add';
import { addCombination, BLOCK, clearPair, DEPTH, dot, PANEL, project, takeRow } from './panels';
import { productAccumulate } from './product';
import { reflect, squaredNorm } from './reflection';
import { symmetricTimesVector } from './symmetric-times-vector';
import { PAIR, rowAt } from './tiles';

/**
 * Reduces a symmetric n x n matrix in tiles to tridiagonal form by Householder reflections, which are not kept. The
 * steps are blocked after Dongarra, Hammarling and Sorensen (1989). The matrix is destroyed.
 *
 * Rows are eliminated from the bottom, so the rest is always a leading block. A step's reflection changes it by -v wᵀ -
 * w vᵀ. Within a block of steps these updates are deferred: the matrix is A + L Rᵀ with L = [-v, -w, ...] and R = [w,
 * v, ...]. One row of it is computed per step, and a product is A x + L (Rᵀ x). So A is read once per step, and written
 * once per block, when the updates are applied.
 *
 * `work` holds 2 BLOCK + (4 BLOCK + 2) (n + 3) doubles: coefficients, x and y, then L and R in panels as
 * `productAccumulate` reads them.
 */
export function tridiagonalise(a: usize, n: i32, diagonal: usize, offDiagonal: usize, work: usize): void {
  while (n > 0) n = takeBlock(a, n, diagonal, offDiagonal, work);
}

/**
 * Eliminates the last rows of the leading end x end block and returns the number of rows left. That number is a
 * multiple of BLOCK.
 */
function takeBlock(a: usize, end: i32, diagonal: usize, offDiagonal: usize, work: usize): i32 {
  const begin = (end - 1) & ~(BLOCK - 1);
  const vectorBytes: usize = (<usize>((end + 3) & ~3)) << 3;
  const x = work + (DEPTH << 3);
  const y = x + vectorBytes;
  const left = y + vectorBytes;
  const bytes = (vectorBytes >> 5) * PANEL;
  const right = left + bytes;
  // an incomplete first block is updated as if it were complete
  if (end - begin < BLOCK) memory.fill(left, 0, bytes << 1);
  let pairs = 0;
  for (let i = end - 1; i >= begin; i--) {
    const end = x + (((<usize>i + 4) & ~3) << 3);
    copyRow(rowAt(a, i), i + 1, x);
    takeRow(right, i, pairs, work);
    addCombination(x, end, left, pairs, work);
    store<f64>(diagonal + ((<usize>i) << 3), load<f64>(x + ((<usize>i) << 3)));
    if (i === 0) return 0;
    const last: usize = (<usize>(i - 1)) << 3;
    const tau = reflect(x + last, squaredNorm(x, i - 1), offDiagonal + last);
    clearTail(x, i);
    const panels = (i + 3) >> 2;
    const stop = x + ((<usize>panels) << 5);
    symmetricTimesVector(a, panels, x, y);
    project(x, stop, right, pairs, work);
    addCombination(y, y + ((<usize>panels) << 5), left, pairs, work);
    clearTail(y, i);
    owe(x, y, stop, tau, left, right, pairs);
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

/** Zeros from `count` to the end of its panel. */
function clearTail(x: usize, count: i32): void {
  for (; (count & 3) !== 0; count++) store<f64>(x + ((<usize>count) << 3), 0);
}

/**
 * Appends a pair of columns to L and R: v = x and w = tau y - (tau² (y·x) / 2) x. With these H A H = A - v wᵀ - w vᵀ.
 */
function owe(x: usize, y: usize, end: usize, tau: f64, left: usize, right: usize, pair: i32): void {
  const factor = f64x2.splat(tau),
    half = f64x2.splat(0.5 * tau * dot(x, y, end));
  left += (<usize>pair) << 6;
  right += (<usize>pair) << 6;
  for (; x < end; x += 32) {
    owePart(v128.load(x), v128.load(y), factor, half, left, right);
    owePart(v128.load(x, 16), v128.load(y, 16), factor, half, left + 16, right + 16);
    if ((pair & 1) === 0) {
      clearPair(left + 64);
      clearPair(right + 64);
    }
    y += 32;
    left += PANEL;
    right += PANEL;
  }
}

function owePart(v: v128, y: v128, factor: v128, half: v128, left: usize, right: usize): void {
  const w = minusProduct(f64x2.mul(factor, y), half, f64x2.mul(factor, v));
  v128.store(left, f64x2.neg(v));
  v128.store(left, f64x2.neg(w), 32);
  v128.store(right, w);
  v128.store(right, v, 32);
}
