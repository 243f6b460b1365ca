import { reflect } from '../reflection';
import { accumulateSymmetric } from '../symmetric-product';
import { PAIR, rowAt } from '../tiles';
import { bandAt, WIDTH } from './band';
import { symmetricTimesVectors } from './symmetric-times-vectors';
import { dotProduct, reflectVectors } from './vectors';

/** The same as a size, and the columns of the two sides of an update. */
const VECTORS: usize = WIDTH;
const DEPTH: i32 = 2 * WIDTH;

/**
 * Reduces a symmetric n x n matrix in tiles to a band of `WIDTH` entries below the diagonal (band.ts). The Householder
 * reflections are not kept. The matrix is destroyed.
 *
 * Blocks of `WIDTH` rows are eliminated from the bottom, so the rest is always a leading block M. Reflections Q = P₁ P₂
 * ... = I - W Vᵀ make the block's rows, left of M's end, triangular; M becomes Qᵀ M Q = M - V Uᵀ - U Vᵀ with Y = M W
 * and U = (Y + Qᵀ Y) / 2. So M is read and written once per block, in products (Bischof, Lang and Sun 2000). W and Qᵀ Y
 * are made by applying reflections, one after the other, which is slower than by products but loses no accuracy.
 *
 * Rows are counted up to a multiple of twelve; those past n are zero. `work`: see `bandWorkBytes` (tridiagonal-reduction.ts).
 */
export function toBand(a: usize, n: i32, band: usize, work: usize): void {
  const size = roundedUp(n);
  const stride = strideOf(size);
  const v = work,
    u = v + VECTORS * stride,
    left = u + VECTORS * stride,
    right = left + <usize>size * ((<usize>DEPTH) << 3),
    taus = right + <usize>size * ((<usize>DEPTH) << 3),
    products = taus + (VECTORS << 3),
    rest = products + 32;
  for (let begin = size - WIDTH; begin > -WIDTH; begin -= WIDTH) {
    // W and Y lie where the two sides of the update are packed afterwards
    const w = left,
      y = right;
    keepSquare(a, begin, n, band);
    if (begin <= 0) return;
    const bytes: usize = (<usize>begin) << 3;
    takeRows(a, begin, n, w, stride);
    triangularise(w, begin, v, stride, taus, products, band);
    for (let i: usize = 0; i < VECTORS; i++) {
      scaleVector(v + i * stride, bytes, load<f64>(taus + (i << 3)), w + i * stride);
      if (i + 1 === VECTORS) break;
      const tau = load<f64>(taus + ((i + 1) << 3));
      reflectVectors(v + (i + 1) * stride, bytes, tau, w, stride, <i32>((i + 4) & ~3), products);
    }
    symmetricTimesVectors(a, begin >> 2, w, y, stride, rest);
    for (let i: usize = 0; i < VECTORS; i++) memory.copy(u + i * stride, y + i * stride, bytes);
    for (let i = WIDTH - 1; i >= 0; i--) {
      const tau = load<f64>(taus + ((<usize>i) << 3));
      reflectVectors(v + <usize>i * stride, bytes, tau, u, stride, WIDTH, products);
    }
    for (let i: usize = 0; i < VECTORS; i++) average(y + i * stride, bytes, u + i * stride);
    packSides(v, u, begin >> 2, stride, left, right);
    accumulateSymmetric(left, right, begin >> 2, DEPTH, a, rest);
  }
}

/** n rounded up to a multiple of twelve. */
function roundedUp(n: i32): i32 {
  return ((n + 11) / 12) * 12;
}

/**
 * Returns the bytes from one vector to the next. They are an odd multiple of half a cache line, so vectors share no set
 * of the cache.
 */
function strideOf(size: i32): usize {
  return ((<usize>size + 8) << 3) | 32;
}

/** The rows `begin` to `begin` + WIDTH left of the diagonal block; those past n, and before the first, are zero. */
function takeRows(a: usize, begin: i32, n: i32, target: usize, stride: usize): void {
  for (let i = 0; i < WIDTH; i++) {
    if (begin + i < n) {
      let from = rowAt(a, begin + i);
      for (let to = target; to < target + ((<usize>begin) << 3); to += 16) {
        v128.store(to, v128.load(from));
        from += PAIR;
      }
    } else memory.fill(target, 0, (<usize>begin) << 3);
    target += stride;
  }
}

/** Keeps the lower triangle of the block on the diagonal; `begin` may be negative. */
function keepSquare(a: usize, begin: i32, n: i32, band: usize): void {
  const from = max(begin, 0);
  for (let i = from; i < min(begin + WIDTH, n); i++) {
    const row = rowAt(a, i);
    for (let j = from; j <= i; j++) {
      store<f64>(bandAt(band, i, j), load<f64>(row + <usize>(j >> 1) * PAIR + ((<usize>(j & 1)) << 3)));
    }
  }
}

/**
 * Makes the rows triangular, from the last one up. Row i then ends at column begin - WIDTH + i; entries to the right of
 * it are not eliminated. Stores the reflections' vectors and factors, and the rows' ends in the band.
 */
function triangularise(
  x: usize,
  begin: i32,
  v: usize,
  stride: usize,
  taus: usize,
  products: usize,
  band: usize,
): void {
  const bytes: usize = (<usize>begin) << 3;
  for (let i = WIDTH - 1; i >= 0; i--) {
    const row = x + <usize>i * stride,
      vector = v + <usize>i * stride;
    const pivot = begin - WIDTH + i;
    const from = max(pivot, 0);
    for (let j = from; j < begin; j++) {
      store<f64>(bandAt(band, begin + i, j), load<f64>(row + ((<usize>j) << 3)));
    }
    let tau: f64 = 0;
    memory.fill(vector, 0, bytes);
    if (pivot > 0) {
      const end: usize = (<usize>pivot) << 3;
      memory.copy(vector, row, end);
      const sum = dotProduct(vector, vector, (end + 31) & ~31);
      store<f64>(vector + end, load<f64>(row + end));
      tau = reflect(vector + end, sum, bandAt(band, begin + i, pivot));
      // its own factor is less accurate: the norm it comes from is not that of the vector as rounded
      if (tau !== 0) tau = 2 / dotProduct(vector, vector, bytes);
    }
    store<f64>(taus + ((<usize>i) << 3), tau);
    reflectVectors(vector, bytes, tau, x, stride, (i + 3) & ~3, products);
  }
}

/** target = factor v */
function scaleVector(v: usize, bytes: usize, factor: f64, target: usize): void {
  const by = f64x2.splat(factor);
  for (const end = v + bytes; v < end; v += 16) {
    v128.store(target, f64x2.mul(by, v128.load(v)));
    target += 16;
  }
}

/** target = (y + target) / 2 */
function average(y: usize, bytes: usize, target: usize): void {
  const half = f64x2.splat(0.5);
  for (const end = y + bytes; y < end; y += 16) {
    v128.store(target, f64x2.mul(half, f64x2.add(v128.load(y), v128.load(target))));
    target += 16;
  }
}

/** [-V, -U] and [U, V] in panels, as `accumulateSymmetric` reads them. */
function packSides(v: usize, u: usize, panels: i32, stride: usize, left: usize, right: usize): void {
  const half: usize = VECTORS << 5;
  for (let p = 0; p < panels; p++) {
    for (let k: usize = 0; k < VECTORS; k++) {
      const vs = v + k * stride,
        us = u + k * stride;
      takeFour(vs, right + half);
      takeFour(us, right);
      giveFour(vs, left);
      giveFour(us, left + half);
      left += 32;
      right += 32;
    }
    left += half;
    right += half;
    v += 32;
    u += 32;
  }
}

function takeFour(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

function giveFour(from: usize, to: usize): void {
  v128.store(to, f64x2.neg(v128.load(from)));
  v128.store(to, f64x2.neg(v128.load(from, 16)), 16);
}
