import { minusProduct, plusProduct } from './multiply-add';
import { reflection, squaredNorm } from './reflection';
import { tridiagonaliseBlock } from './tridiagonalise-block';

/**
 * Householder reduction of a symmetric matrix to tridiagonal form, without keeping the reflections.
 *
 * Layout: row-major, `stride` doubles a row, rows and columns padded to a multiple of eight; the lower triangle is
 * read and overwritten. Rows are taken away from the bottom, so that what is left is always a leading block and
 * every row lies contiguous: in blocks as long as more than `blockedAbove` are left (a multiple of the block), then,
 * when caches hold the rest, one by one. `work` holds what a block needs, or 4 (n + 2) doubles where there is none.
 */
export function tridiagonalise(
  a: usize,
  stride: i32,
  n: i32,
  blockedAbove: i32,
  diagonal: usize,
  offDiagonal: usize,
  work: usize,
): void {
  while (n > blockedAbove) n = tridiagonaliseBlock(a, stride, n, diagonal, offDiagonal, work);
  tridiagonaliseRest(a, stride, n, diagonal, offDiagonal, work);
}

/**
 * One pass over the leading block applies the last step's rank-two update, A -= v wᵀ + w vᵀ, and multiplies the
 * result by the next reflection's vector, y = A x: the block is read and written once a step, with eight operations
 * an element. The four vectors lie interleaved, so that one address reaches them all: `vectors` holds 4 doubles and
 * then, for every two columns, a record of eight: two of v, two of w, two of x, two of y.
 */
function tridiagonaliseRest(
  a: usize,
  stride: i32,
  n: i32,
  diagonal: usize,
  offDiagonal: usize,
  vectors: usize,
): void {
  const records = vectors + 32;
  memory.fill(vectors, 0, 32 + ((<usize>((n + 1) >> 1)) << 6));
  for (let i = n - 1; i >= 0; i--) {
    const row = a + ((<usize>i * <usize>stride) << 3);
    const last = at(records, i);
    updateRow(row, i + 1, records, load<f64>(last), load<f64>(last, W));
    store<f64>(diagonal + ((<usize>i) << 3), load<f64>(row + ((<usize>i) << 3)));
    if (i === 0) break;
    const tau = reflectRow(row, i, records, offDiagonal + ((<usize>(i - 1)) << 3), vectors);
    updateAndMultiply(a, stride, i, records);
    nextVectors(i, tau, records);
  }
}

/** Byte offsets in a record. */
const W: usize = 16;
const X: usize = 32;
const Y: usize = 48;

/** Where v[c] lies. */
function at(records: usize, c: i32): usize {
  return records + ((<usize>(c >> 1)) << 6) + ((<usize>(c & 1)) << 3);
}

/** row[c] -= p w[c] + q v[c], c < count. */
function updateRow(row: usize, count: i32, records: usize, p: f64, q: f64): void {
  const pp = f64x2.splat(p),
    qq = f64x2.splat(q);
  let c = 0;
  for (; c + 2 <= count; c += 2) {
    v128.store(
      row,
      minusProduct(minusProduct(v128.load(row), pp, v128.load(records, W)), qq, v128.load(records)),
    );
    row += 16;
    records += 64;
  }
  if (c < count) store<f64>(row, load<f64>(row) - p * load<f64>(records, W) - q * load<f64>(records));
}

/**
 * The reflection I - tau x xᵀ, x[count - 1] = 1, that sends row[0..count-1] to beta times the last unit vector.
 * Stores beta, fills x, returns tau; tau = 0 when there is nothing to remove.
 */
function reflectRow(row: usize, count: i32, records: usize, beta: usize, result: usize): f64 {
  const last: usize = (<usize>(count - 1)) << 3;
  reflection(load<f64>(row + last), squaredNorm(row, count - 1), result);
  store<f64>(beta, load<f64>(result));
  const factor = f64x2.splat(load<f64>(result, 16));
  for (let c = 0; c < count; c += 2) {
    v128.store(records + ((<usize>c) << 5), f64x2.mul(v128.load(row + ((<usize>c) << 3)), factor), X);
  }
  store<f64>(at(records, count - 1), 1, X);
  return load<f64>(result, 8);
}

/** A -= v wᵀ + w vᵀ on the leading count x count block (lower triangle), then y = A x. */
function updateAndMultiply(a: usize, stride: i32, count: i32, records: usize): void {
  const rowBytes: usize = (<usize>stride) << 3;
  let row = a;
  let r = 0;
  for (; r + 1 < count; r += 2) {
    updateAndMultiplyPair(row, rowBytes, r, records);
    row += rowBytes << 1;
  }
  if (r < count) updateAndMultiplyLast(row, r, records);
}

/** Rows r and r + 1 (r even) of the pass: columns 0..r-1 by pairs, then the 2 x 2 block on the diagonal. */
function updateAndMultiplyPair(row0: usize, rowBytes: usize, r: i32, records: usize): void {
  const own = records + ((<usize>r) << 5);
  const v0 = v128.load64_splat(own),
    v1 = v128.load64_splat(own, 8);
  const w0 = v128.load64_splat(own, W),
    w1 = v128.load64_splat(own, W + 8);
  const x0 = v128.load64_splat(own, X),
    x1 = v128.load64_splat(own, X + 8);
  let dot0 = f64x2.splat(0),
    dot1 = f64x2.splat(0);
  let p = row0,
    q = row0 + rowBytes;
  while (records < own) {
    const v = v128.load(records),
      w = v128.load(records, W),
      x = v128.load(records, X);
    const a0 = minusProduct(minusProduct(v128.load(p), v0, w), w0, v);
    v128.store(p, a0);
    dot0 = plusProduct(dot0, a0, x);
    const y = plusProduct(v128.load(records, Y), a0, x0);
    const a1 = minusProduct(minusProduct(v128.load(q), v1, w), w1, v);
    v128.store(q, a1);
    dot1 = plusProduct(dot1, a1, x);
    v128.store(records, plusProduct(y, a1, x1), Y);
    records += 64;
    p += 16;
    q += 16;
  }
  const p0 = f64x2.extract_lane(v0, 0),
    p1 = f64x2.extract_lane(v1, 0);
  const q0 = f64x2.extract_lane(w0, 0),
    q1 = f64x2.extract_lane(w1, 0);
  const s0 = f64x2.extract_lane(x0, 0),
    s1 = f64x2.extract_lane(x1, 0);
  const d0 = load<f64>(p) - p0 * q0 - q0 * p0;
  const between = load<f64>(q) - p1 * q0 - q1 * p0;
  const d1 = load<f64>(q, 8) - p1 * q1 - q1 * p1;
  store<f64>(p, d0);
  store<f64>(q, between);
  store<f64>(q, d1, 8);
  store<f64>(own, f64x2.extract_lane(dot0, 0) + f64x2.extract_lane(dot0, 1) + d0 * s0 + between * s1, Y);
  store<f64>(own, f64x2.extract_lane(dot1, 0) + f64x2.extract_lane(dot1, 1) + between * s0 + d1 * s1, Y + 8);
}

/** The last row of an odd block. */
function updateAndMultiplyLast(row: usize, r: i32, records: usize): void {
  const own = records + ((<usize>r) << 5);
  const p = load<f64>(own),
    q = load<f64>(own, W),
    s = load<f64>(own, X);
  let dot: f64 = 0;
  for (let c = 0; c < r; c++) {
    const record = at(records, c);
    const t = load<f64>(row) - p * load<f64>(record, W) - q * load<f64>(record);
    store<f64>(row, t);
    dot += t * load<f64>(record, X);
    store<f64>(record, load<f64>(record, Y) + t * s, Y);
    row += 8;
  }
  const d = load<f64>(row) - p * q - q * p;
  store<f64>(row, d);
  store<f64>(own, dot + d * s, Y);
}

/** v = x and w = tau y - (tau² (y·x) / 2) x: with them, H A H = A - v wᵀ - w vᵀ. */
function nextVectors(count: i32, tau: f64, records: usize): void {
  let sum = f64x2.splat(0);
  const end = records + ((<usize>(count >> 1)) << 6);
  for (let record = records; record < end; record += 64) {
    sum = plusProduct(sum, v128.load(record, Y), v128.load(record, X));
  }
  let dot = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (count & 1) dot += load<f64>(end, Y) * load<f64>(end, X);
  const factor = f64x2.splat(tau),
    half = f64x2.splat(0.5 * tau * tau * dot);
  for (let record = records; record < end + 64; record += 64) {
    const x = v128.load(record, X);
    v128.store(record, x);
    v128.store(record, minusProduct(f64x2.mul(factor, v128.load(record, Y)), half, x), W);
  }
}
