import { minusProduct, plusProduct } from './multiply-add';
import { reflection } from './reflection';

/**
 * Householder reduction of a matrix with rows <= columns to lower bidiagonal form, without keeping the
 * reflections: diagonal d[0..rows-1], below it e[0..rows-2].
 *
 * Layout: row-major, `stride` doubles a row (even); the entry past an odd end of a row exists and is zero.
 * `work` holds 4 doubles and six vectors of the larger of rows and columns plus 4 doubles.
 *
 * Step i takes away row i by a reflection (tau, v) from the right, then column i by one (sigma, u) from the left:
 * what is left becomes A - x vᵀ - u yᵀ with x = tau A v and y = sigma (A - x vᵀ)ᵀ u. The update waits for the next
 * step's pass, which applies it and takes the next x at once; a second pass takes y.
 */
export function bidiagonalise(
  a: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  diagonal: usize,
  below: usize,
  work: usize,
): void {
  const rowBytes: usize = (<usize>stride) << 3;
  const vectorBytes: usize = (<usize>((max(rows, columns) + 3) & ~1)) << 3;
  memory.fill(work, 0, 32 + 6 * vectorBytes);
  let v = work + 32,
    x = v + vectorBytes;
  const u = x + vectorBytes,
    y = u + vectorBytes;
  let nextV = y + vectorBytes,
    nextX = nextV + vectorBytes;
  for (let i = 0; i < rows; i++) {
    const here: usize = (<usize>i) << 3;
    const row = a + <usize>i * rowBytes;
    updateRow(row, i, columns, load<f64>(x + here), v, load<f64>(u + here), y);
    const tau = reflectRow(row, i, columns, nextV, diagonal + here, work);
    if (i === rows - 1) break;
    updateAndMultiply(a, rowBytes, i, rows, columns, x, v, u, y, nextV, nextX, tau);
    const sigma = reflectColumn(a + here, rowBytes, i, rows, nextX, u, below + here, work);
    multiplyTransposed(a, rowBytes, i, rows, columns, u, y);
    finishY(i, rows, columns, nextX, u, nextV, y, sigma);
    let old = v;
    v = nextV;
    nextV = old;
    old = x;
    x = nextX;
    nextX = old;
  }
}

/** row[c] -= p v[c] + q y[c], c >= from. */
function updateRow(row: usize, from: i32, columns: i32, p: f64, v: usize, q: f64, y: usize): void {
  for (let c = from; c < columns; c++) {
    const at: usize = (<usize>c) << 3;
    store<f64>(row + at, load<f64>(row + at) - p * load<f64>(v + at) - q * load<f64>(y + at));
  }
}

/** The reflection of row[from..] into its first entry: v (zero before `from`), d; returns tau. */
function reflectRow(row: usize, from: i32, columns: i32, v: usize, d: usize, result: usize): f64 {
  const at: usize = (<usize>from) << 3;
  let sum0: f64 = 0,
    sum1: f64 = 0;
  let c = from + 1;
  for (; c + 2 <= columns; c += 2) {
    const t0 = load<f64>(row + ((<usize>c) << 3)),
      t1 = load<f64>(row + ((<usize>c) << 3), 8);
    sum0 += t0 * t0;
    sum1 += t1 * t1;
  }
  if (c < columns) sum0 += load<f64>(row + ((<usize>c) << 3)) * load<f64>(row + ((<usize>c) << 3));
  reflection(load<f64>(row + at), sum0 + sum1, result);
  store<f64>(d, load<f64>(result));
  const tau = load<f64>(result, 8),
    factor = load<f64>(result, 16);
  if (from > 0) store<f64>(v + at - 8, 0);
  store<f64>(v + at, 1);
  for (c = from + 1; c < columns; c++) {
    store<f64>(v + ((<usize>c) << 3), load<f64>(row + ((<usize>c) << 3)) * factor);
  }
  return tau;
}

/** For the rows below i: A -= x vᵀ + u yᵀ, then nextX = tau A nextV. */
function updateAndMultiply(
  a: usize,
  rowBytes: usize,
  i: i32,
  rows: i32,
  columns: i32,
  x: usize,
  v: usize,
  u: usize,
  y: usize,
  nextV: usize,
  nextX: usize,
  tau: f64,
): void {
  const from: usize = (<usize>(i & ~1)) << 3;
  const end: usize = (<usize>columns) << 3;
  let r = i + 1;
  for (; r + 2 <= rows; r += 2) {
    updateTwoRows(
      a + <usize>r * rowBytes,
      rowBytes,
      from,
      end,
      (<usize>r) << 3,
      x,
      v,
      u,
      y,
      nextV,
      nextX,
      tau,
    );
  }
  if (r < rows)
    updateOneRow(a + <usize>r * rowBytes, from, end, (<usize>r) << 3, x, v, u, y, nextV, nextX, tau);
}

function updateTwoRows(
  row0: usize,
  rowBytes: usize,
  from: usize,
  end: usize,
  here: usize,
  x: usize,
  v: usize,
  u: usize,
  y: usize,
  nextV: usize,
  nextX: usize,
  tau: f64,
): void {
  const row1 = row0 + rowBytes;
  const x0 = v128.load64_splat(x + here),
    x1 = v128.load64_splat(x + here, 8);
  const u0 = v128.load64_splat(u + here),
    u1 = v128.load64_splat(u + here, 8);
  let dot0 = f64x2.splat(0),
    dot1 = f64x2.splat(0);
  for (let at = from; at < end; at += 16) {
    const vc = v128.load(v + at),
      yc = v128.load(y + at),
      nc = v128.load(nextV + at);
    const a0 = minusProduct(minusProduct(v128.load(row0 + at), x0, vc), u0, yc);
    v128.store(row0 + at, a0);
    dot0 = plusProduct(dot0, a0, nc);
    const a1 = minusProduct(minusProduct(v128.load(row1 + at), x1, vc), u1, yc);
    v128.store(row1 + at, a1);
    dot1 = plusProduct(dot1, a1, nc);
  }
  store<f64>(nextX + here, tau * (f64x2.extract_lane(dot0, 0) + f64x2.extract_lane(dot0, 1)));
  store<f64>(nextX + here, tau * (f64x2.extract_lane(dot1, 0) + f64x2.extract_lane(dot1, 1)), 8);
}

function updateOneRow(
  row: usize,
  from: usize,
  end: usize,
  here: usize,
  x: usize,
  v: usize,
  u: usize,
  y: usize,
  nextV: usize,
  nextX: usize,
  tau: f64,
): void {
  const x0 = v128.load64_splat(x + here);
  const u0 = v128.load64_splat(u + here);
  let dot = f64x2.splat(0);
  for (let at = from; at < end; at += 16) {
    const a0 = minusProduct(minusProduct(v128.load(row + at), x0, v128.load(v + at)), u0, v128.load(y + at));
    v128.store(row + at, a0);
    dot = plusProduct(dot, a0, v128.load(nextV + at));
  }
  store<f64>(nextX + here, tau * (f64x2.extract_lane(dot, 0) + f64x2.extract_lane(dot, 1)));
}

/**
 * The reflection of column i below the diagonal, as it is after the reflection from the right (A[r][i] - x[r]),
 * into its first entry: u (zero up to i), e; returns sigma.
 */
function reflectColumn(
  column: usize,
  rowBytes: usize,
  i: i32,
  rows: i32,
  x: usize,
  u: usize,
  e: usize,
  result: usize,
): f64 {
  let sum: f64 = 0;
  for (let r = i + 1; r < rows; r++) {
    const t = load<f64>(column + <usize>r * rowBytes) - load<f64>(x + ((<usize>r) << 3));
    store<f64>(u + ((<usize>r) << 3), t);
    if (r > i + 1) sum += t * t;
  }
  const first = u + ((<usize>(i + 1)) << 3);
  reflection(load<f64>(first), sum, result);
  store<f64>(e, load<f64>(result));
  const factor = load<f64>(result, 16);
  store<f64>(first, 1);
  for (let r = i + 2; r < rows; r++) {
    store<f64>(u + ((<usize>r) << 3), load<f64>(u + ((<usize>r) << 3)) * factor);
  }
  return load<f64>(result, 8);
}

/** y[c] = Σ A[r][c] u[r] over the rows below i, from an even column on. */
function multiplyTransposed(
  a: usize,
  rowBytes: usize,
  i: i32,
  rows: i32,
  columns: i32,
  u: usize,
  y: usize,
): void {
  const from: usize = (<usize>(i & ~1)) << 3;
  const end: usize = (<usize>columns) << 3;
  memory.fill(y + from, 0, end - from);
  let r = i + 1;
  for (; r + 4 <= rows; r += 4)
    addFourRows(a + <usize>r * rowBytes, rowBytes, from, end, u + ((<usize>r) << 3), y);
  for (; r < rows; r++) addOneRow(a + <usize>r * rowBytes, from, end, load<f64>(u + ((<usize>r) << 3)), y);
}

function addFourRows(row0: usize, rowBytes: usize, from: usize, end: usize, u: usize, y: usize): void {
  const row1 = row0 + rowBytes,
    row2 = row1 + rowBytes,
    row3 = row2 + rowBytes;
  const u0 = v128.load64_splat(u),
    u1 = v128.load64_splat(u, 8);
  const u2 = v128.load64_splat(u, 16),
    u3 = v128.load64_splat(u, 24);
  for (let at = from; at < end; at += 16) {
    const low = plusProduct(f64x2.mul(v128.load(row0 + at), u0), v128.load(row1 + at), u1);
    const high = plusProduct(f64x2.mul(v128.load(row2 + at), u2), v128.load(row3 + at), u3);
    v128.store(y + at, f64x2.add(v128.load(y + at), f64x2.add(low, high)));
  }
}

function addOneRow(row: usize, from: usize, end: usize, factor: f64, y: usize): void {
  const u0 = f64x2.splat(factor);
  for (let at = from; at < end; at += 16) {
    v128.store(y + at, plusProduct(v128.load(y + at), v128.load(row + at), u0));
  }
}

/** y = sigma (y - (x·u) v), zero up to i. */
function finishY(i: i32, rows: i32, columns: i32, x: usize, u: usize, v: usize, y: usize, sigma: f64): void {
  let dot: f64 = 0;
  for (let r = i + 1; r < rows; r++)
    dot += load<f64>(x + ((<usize>r) << 3)) * load<f64>(u + ((<usize>r) << 3));
  for (let c = i + 1; c < columns; c++) {
    const at: usize = (<usize>c) << 3;
    store<f64>(y + at, sigma * (load<f64>(y + at) - dot * load<f64>(v + at)));
  }
  store<f64>(y + ((<usize>i) << 3), 0);
  if (i > 0) store<f64>(y + ((<usize>(i - 1)) << 3), 0);
  // the entry past an odd end stays zero
  store<f64>(y + ((<usize>columns) << 3), 0);
}
