import { BLOCK, blockAt, INVERSES, PANELS } from './inertia';
import { minusProduct, plusProduct } from '../multiply-add';
import { sums } from './pairs';
import { squaredNorm } from './reflection';

/**
 * Returns Σ ‖w‖² / |d| over the negative pivots d among the first `size` of S = L D Lᵀ. Here w solves Lᵀ w = e for the
 * pivot's unit vector e; the sum measures a subspace on which S is negative. Each e is scaled by 1 / √|d|, so the terms
 * are squared norms. `factors` and n are those of `inertia`. The cost is m n² / 2 multiplications for m such pivots at
 * the end. `vectors` holds 4 n doubles.
 */
export function negativeTrace(factors: usize, n: i32, size: i32, vectors: usize): f64 {
  let trace: f64 = 0;
  for (let j = size - 1; j >= 0;) {
    memory.fill(vectors, 0, (<usize>n) << 5);
    let found = 0,
      end = 0;
    for (; j >= 0 && found < 4; j--) {
      const inverse = inverseAt(factors, n, j);
      if (inverse > 0) continue;
      if (found === 0) end = min(n, (j / BLOCK + 1) * BLOCK);
      store<f64>(vectors + ((<usize>(found * n + j)) << 3), Math.sqrt(-inverse));
      found++;
    }
    if (found === 0) break;
    solveFour(factors, n, end, vectors);
    trace += squaredNorm(vectors, 4 * n);
  }
  return trace;
}

/** 1 / d of pivot j. */
function inverseAt(factors: usize, n: i32, j: i32): f64 {
  const within = j % BLOCK;
  return load<f64>(blockAt(factors, n, j - within) + INVERSES + ((<usize>within) << 3));
}

/** Solves Lᵀ w = e for four vectors, n doubles apart, that are zero from `end` on. Each w overwrites its e. */
function solveFour(factors: usize, n: i32, end: i32, vectors: usize): void {
  const bytes: usize = (<usize>n) << 3;
  for (let from = ((end - 1) / BLOCK) * BLOCK; from >= 0; from -= BLOCK) {
    const width = min(BLOCK, n - from);
    const block = blockAt(factors, n, from);
    const own = vectors + ((<usize>from) << 3);
    const panels = (end - from - width) >> 2;
    if (panels > 0) {
      const below = own + ((<usize>width) << 3);
      for (let j = 0; j < width; j += 2) {
        subtractTwo(
          block + PANELS + ((<usize>j) << 5),
          (<usize>width) << 5,
          panels,
          below,
          own + ((<usize>j) << 3),
          bytes,
        );
      }
    }
    for (let i = width - 1; i > 0; i--) {
      const row = block + ((<usize>(i * BLOCK)) << 3);
      for (let q: usize = 0; q < 4; q++) eliminate(row, i, own + q * bytes);
    }
  }
}

/** w[j] -= l[i][j] w[i] for j < i. */
function eliminate(row: usize, i: i32, w: usize): void {
  const known = load<f64>(w + ((<usize>i) << 3));
  if (known === 0) return;
  const factor = f64x2.splat(known);
  let j = 0;
  for (; j + 2 <= i; j += 2) {
    const at: usize = (<usize>j) << 3;
    v128.store(w + at, minusProduct(v128.load(w + at), v128.load(row + at), factor));
  }
  if (j < i) {
    const at: usize = (<usize>j) << 3;
    store<f64>(w + at, load<f64>(w + at) - load<f64>(row + at) * known);
  }
}

/** Subtracts from two entries of four vectors the products of two columns of L, in panels, with the entries below. */
function subtractTwo(l: usize, panelBytes: usize, panels: i32, below: usize, own: usize, bytes: usize): void {
  const below1 = below + bytes,
    below2 = below1 + bytes,
    below3 = below2 + bytes;
  let a0 = f64x2.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0,
    b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0;
  const stop = (<usize>panels) << 5;
  for (let at: usize = 0; at < stop; at += 32, l += panelBytes) {
    const a = v128.load(l),
      A = v128.load(l, 16),
      b = v128.load(l, 32),
      B = v128.load(l, 48);
    let w = v128.load(below + at);
    a0 = plusProduct(a0, a, w);
    b0 = plusProduct(b0, b, w);
    w = v128.load(below + at, 16);
    a0 = plusProduct(a0, A, w);
    b0 = plusProduct(b0, B, w);
    w = v128.load(below1 + at);
    a1 = plusProduct(a1, a, w);
    b1 = plusProduct(b1, b, w);
    w = v128.load(below1 + at, 16);
    a1 = plusProduct(a1, A, w);
    b1 = plusProduct(b1, B, w);
    w = v128.load(below2 + at);
    a2 = plusProduct(a2, a, w);
    b2 = plusProduct(b2, b, w);
    w = v128.load(below2 + at, 16);
    a2 = plusProduct(a2, A, w);
    b2 = plusProduct(b2, B, w);
    w = v128.load(below3 + at);
    a3 = plusProduct(a3, a, w);
    b3 = plusProduct(b3, b, w);
    w = v128.load(below3 + at, 16);
    a3 = plusProduct(a3, A, w);
    b3 = plusProduct(b3, B, w);
  }
  subtract(own, a0, b0);
  subtract(own + bytes, a1, b1);
  subtract(own + 2 * bytes, a2, b2);
  subtract(own + 3 * bytes, a3, b3);
}

function subtract(at: usize, a: v128, b: v128): void {
  v128.store(at, f64x2.sub(v128.load(at), sums(a, b)));
}
