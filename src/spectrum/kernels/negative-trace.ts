import { BLOCK, blockAt, INVERSES, PANELS } from './inertia';
import { minusProduct, plusProduct } from './multiply-add';

/**
 * Σ ‖w‖² / |d| over the negative pivots d among the first `size` of S = L D Lᵀ, with w the solution of Lᵀ w = e for the
 * pivot's unit vector e: how far a subspace on which S is negative is from where it is not. `factors` and n are those of
 * `inertia`. Costs m n² / 2 multiplications for m such pivots at the end. `vectors` holds 4 n doubles.
 */
export function negativeTrace(factors: usize, n: i32, size: i32, vectors: usize): f64 {
  let trace: f64 = 0;
  let j = size - 1;
  while (j >= 0) {
    // the next four; a place that stays -1 has a vector of zeros
    let j0 = -1,
      j1 = -1,
      j2 = -1,
      j3 = -1;
    for (; j >= 0 && j3 < 0; j--) {
      if (inverseAt(factors, n, j) > 0) continue;
      if (j0 < 0) j0 = j;
      else if (j1 < 0) j1 = j;
      else if (j2 < 0) j2 = j;
      else j3 = j;
    }
    if (j0 < 0) break;
    const end = min(n, (j0 / BLOCK + 1) * BLOCK);
    memory.fill(vectors, 0, (<usize>n) << 5);
    const bytes: usize = (<usize>n) << 3;
    setUnit(vectors, j0);
    setUnit(vectors + bytes, j1);
    setUnit(vectors + 2 * bytes, j2);
    setUnit(vectors + 3 * bytes, j3);
    solveFour(factors, n, end, vectors);
    trace += weighed(vectors, end, factors, n, j0);
    trace += weighed(vectors + bytes, end, factors, n, j1);
    trace += weighed(vectors + 2 * bytes, end, factors, n, j2);
    trace += weighed(vectors + 3 * bytes, end, factors, n, j3);
  }
  return trace;
}

/** 1 / d of pivot j. */
function inverseAt(factors: usize, n: i32, j: i32): f64 {
  const within = j % BLOCK;
  return load<f64>(blockAt(factors, n, j - within) + INVERSES + ((<usize>within) << 3));
}

function setUnit(vector: usize, j: i32): void {
  if (j >= 0) store<f64>(vector + ((<usize>j) << 3), 1);
}

function weighed(vector: usize, end: i32, factors: usize, n: i32, j: i32): f64 {
  if (j < 0) return 0;
  let sum = f64x2.splat(0);
  const stop = vector + ((<usize>end) << 3);
  for (let at = vector; at < stop; at += 16) {
    const w = v128.load(at);
    sum = plusProduct(sum, w, w);
  }
  return (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) * abs(inverseAt(factors, n, j));
}

/** Lᵀ w = e for four vectors, n doubles apart, whose entries from `end` on are zero; each w overwrites its e. */
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

/** Subtracts from two entries of four vectors what two columns of L, in panels, make of the entries below. */
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
  const low = v128.shuffle<i64>(a, b, 0, 2),
    high = v128.shuffle<i64>(a, b, 1, 3);
  v128.store(at, f64x2.sub(v128.load(at), f64x2.add(low, high)));
}
