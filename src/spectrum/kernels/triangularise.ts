import { minusProduct, plusProduct } from './multiply-add';
import { reflection, squaredNorm } from './reflection';

/**
 * Takes a piece of a wide matrix into its triangular factor: R becomes the R of the QR factorisation of
 * (R over Bᵀ), so that after all pieces RᵀR = Σ B Bᵀ, computed from A itself and without squaring it.
 *
 * Layout: R row-major, `stride` doubles a row, n x n, upper triangle, zeros to begin with. B row-major, n rows of
 * `width` doubles (even); destroyed. `work` holds n + 2 * width + 4 doubles.
 *
 * Step j reflects row j of B into R[j][j]. One pass over the later rows applies the last reflection and takes
 * their product with the next one's vector, so that B is read and written once a step.
 */
export function triangularise(r: usize, stride: i32, n: i32, b: usize, width: i32, work: usize): void {
  const rowBytes: usize = (<usize>width) << 3;
  const w = work + 32;
  let before = w + ((<usize>n) << 3);
  let v = before + rowBytes;
  memory.fill(work, 0, 32 + ((<usize>n) << 3) + (rowBytes << 1));
  for (let j = 0; j < n; j++) {
    const row = b + <usize>j * rowBytes;
    const pivots = r + ((<usize>j * <usize>stride) << 3);
    subtract(row, before, width, load<f64>(w + ((<usize>j) << 3)));
    const diagonal = pivots + ((<usize>j) << 3);
    reflection(load<f64>(diagonal), squaredNorm(row, width), work);
    store<f64>(diagonal, load<f64>(work));
    scaleInto(v, row, width, load<f64>(work, 16));
    const tau = load<f64>(work, 8);
    let c = j + 1;
    for (; c + 4 <= n; c += 4) reflectFour(b + <usize>c * rowBytes, rowBytes, before, v, c, tau, pivots, w);
    for (; c < n; c++) reflectOne(b + <usize>c * rowBytes, rowBytes, before, v, c, tau, pivots, w);
    const old = before;
    before = v;
    v = old;
  }
}

/** row -= factor * x */
function subtract(row: usize, x: usize, count: i32, factor: f64): void {
  for (let k = 0; k < count; k++) {
    const at: usize = (<usize>k) << 3;
    store<f64>(row + at, load<f64>(row + at) - factor * load<f64>(x + at));
  }
}

function scaleInto(target: usize, source: usize, count: i32, factor: f64): void {
  for (let k = 0; k < count; k++) {
    const at: usize = (<usize>k) << 3;
    store<f64>(target + at, load<f64>(source + at) * factor);
  }
}

/** Rows c..c+3 of B: the last reflection's update, then the next one's product, new weight and entry of R. */
function reflectFour(
  row0: usize,
  rowBytes: usize,
  before: usize,
  v: usize,
  c: i32,
  tau: f64,
  pivots: usize,
  w: usize,
): void {
  const row1 = row0 + rowBytes,
    row2 = row1 + rowBytes,
    row3 = row2 + rowBytes;
  const weights = w + ((<usize>c) << 3);
  const w0 = v128.load64_splat(weights),
    w1 = v128.load64_splat(weights, 8);
  const w2 = v128.load64_splat(weights, 16),
    w3 = v128.load64_splat(weights, 24);
  let dot0 = f64x2.splat(0),
    dot1 = f64x2.splat(0),
    dot2 = f64x2.splat(0),
    dot3 = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const u = v128.load(before + at),
      x = v128.load(v + at);
    const b0 = minusProduct(v128.load(row0 + at), w0, u);
    v128.store(row0 + at, b0);
    dot0 = plusProduct(dot0, b0, x);
    const b1 = minusProduct(v128.load(row1 + at), w1, u);
    v128.store(row1 + at, b1);
    dot1 = plusProduct(dot1, b1, x);
    const b2 = minusProduct(v128.load(row2 + at), w2, u);
    v128.store(row2 + at, b2);
    dot2 = plusProduct(dot2, b2, x);
    const b3 = minusProduct(v128.load(row3 + at), w3, u);
    v128.store(row3 + at, b3);
    dot3 = plusProduct(dot3, b3, x);
  }
  const entries = pivots + ((<usize>c) << 3);
  weigh(sumOf(dot0), tau, entries, weights);
  weigh(sumOf(dot1), tau, entries + 8, weights + 8);
  weigh(sumOf(dot2), tau, entries + 16, weights + 16);
  weigh(sumOf(dot3), tau, entries + 24, weights + 24);
}

function reflectOne(
  row: usize,
  rowBytes: usize,
  before: usize,
  v: usize,
  c: i32,
  tau: f64,
  pivots: usize,
  w: usize,
): void {
  const weight = w + ((<usize>c) << 3);
  const w0 = v128.load64_splat(weight);
  let dot = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const b0 = minusProduct(v128.load(row + at), w0, v128.load(before + at));
    v128.store(row + at, b0);
    dot = plusProduct(dot, b0, v128.load(v + at));
  }
  weigh(sumOf(dot), tau, pivots + ((<usize>c) << 3), weight);
}

function sumOf(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

function weigh(dot: f64, tau: f64, entry: usize, weight: usize): void {
  const old = load<f64>(entry);
  const t = tau * (old + dot);
  store<f64>(weight, t);
  store<f64>(entry, old - t);
}
