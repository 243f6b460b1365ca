import { minusProduct, plusProduct } from '../../multiply-add';
import { reflect, squaredNorm } from '../reflection';
import { bandAt, COLUMN, WIDTH } from './band';

/** Bytes of a vector of WIDTH entries. */
const BYTES: usize = (<usize>WIDTH) << 3;

/**
 * Reduces a symmetric band matrix of n rows (band.ts) to tridiagonal form, column by column. A reflection removes a
 * column's entries below the first; what that fills in below the band is chased to the end, in blocks of WIDTH rows, of
 * which only the first column is removed each time (Murata and Horikoshi 1975). Behind row n the band continues with 2
 * WIDTH rows of zeros. The band is destroyed. `work` holds 3 WIDTH doubles.
 */
export function chase(band: usize, n: i32, diagonal: usize, offDiagonal: usize, work: usize): void {
  const y = work + 2 * BYTES;
  for (let s = 0; s < n; s++) {
    const at: usize = (<usize>s) << 3;
    store<f64>(diagonal + at, load<f64>(bandAt(band, s, s)));
    if (s === n - 1) break;
    const start = bandAt(band, s + 1, s);
    if (s === n - 2) {
      store<f64>(offDiagonal + at, load<f64>(start));
      continue;
    }
    let v = work,
      next = work + BYTES;
    memory.copy(v, start, BYTES);
    let tau = reflect(v, squaredNorm(v + 8, WIDTH - 1), offDiagonal + at);
    let square = start + COLUMN;
    for (let row = s + 1; ; row += WIDTH) {
      reflectSquare(square, v, tau, y);
      if (row + WIDTH >= n) break;
      tau = chaseBlock(square + BYTES, v, tau, next, y);
      const old = v;
      v = next;
      next = old;
      square += BYTES + <usize>WIDTH * COLUMN;
    }
  }
}

/** The square on the diagonal, of which the lower triangle counts, reflected from both sides. */
function reflectSquare(square: usize, v: usize, tau: f64, y: usize): void {
  if (tau === 0) return;
  memory.fill(y, 0, BYTES);
  let column = square;
  for (let at: usize = 0; at < BYTES; at += 16) {
    multiplyTwo(column, v, y, at);
    column += 2 * COLUMN;
  }
  // w = tau y - (tau² (y·v) / 2) v, in the place of y
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < BYTES; at += 16) sum = plusProduct(sum, v128.load(y + at), v128.load(v + at));
  const half = f64x2.splat(0.5 * tau * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
  const factor = f64x2.splat(tau);
  for (let at: usize = 0; at < BYTES; at += 16) {
    const w = minusProduct(v128.load(y + at), half, v128.load(v + at));
    v128.store(y + at, f64x2.mul(factor, w));
  }
  column = square;
  for (let at: usize = 0; at < BYTES; at += 16) {
    subtractTwo(column, v, y, at);
    column += 2 * COLUMN;
  }
}

/** Adds to y what two columns, and the same two rows, give; `at` is their place in v and y. */
function multiplyTwo(column: usize, v: usize, y: usize, at: usize): void {
  const other = column + COLUMN;
  const v0 = load<f64>(v + at),
    v1 = load<f64>(v + at, 8);
  const first = f64x2.splat(v0),
    second = f64x2.splat(v1);
  let dot0 = f64x2.splat(0),
    dot1 = dot0;
  for (let k = at + 16; k < BYTES; k += 16) {
    const a = v128.load(column + k),
      b = v128.load(other + k),
      x = v128.load(v + k);
    dot0 = plusProduct(dot0, a, x);
    dot1 = plusProduct(dot1, b, x);
    v128.store(y + k, plusProduct(plusProduct(v128.load(y + k), a, first), b, second));
  }
  const corner = load<f64>(column + at),
    below = load<f64>(column + at, 8),
    last = load<f64>(other + at, 8);
  const sum0 = f64x2.extract_lane(dot0, 0) + f64x2.extract_lane(dot0, 1),
    sum1 = f64x2.extract_lane(dot1, 0) + f64x2.extract_lane(dot1, 1);
  store<f64>(y + at, load<f64>(y + at) + (sum0 + (corner * v0 + below * v1)));
  store<f64>(y + at, load<f64>(y + at, 8) + (sum1 + (below * v0 + last * v1)), 8);
}

/** Subtracts v wᵀ + w vᵀ from two columns. */
function subtractTwo(column: usize, v: usize, w: usize, at: usize): void {
  const other = column + COLUMN;
  const v0 = load<f64>(v + at),
    v1 = load<f64>(v + at, 8),
    w0 = load<f64>(w + at),
    w1 = load<f64>(w + at, 8);
  store<f64>(column + at, load<f64>(column + at) - (v0 * w0 + w0 * v0));
  store<f64>(column + at, load<f64>(column + at, 8) - (v1 * w0 + w1 * v0), 8);
  store<f64>(other + at, load<f64>(other + at, 8) - (v1 * w1 + w1 * v1), 8);
  const vFirst = f64x2.splat(v0),
    vSecond = f64x2.splat(v1),
    wFirst = f64x2.splat(w0),
    wSecond = f64x2.splat(w1);
  for (let k = at + 16; k < BYTES; k += 16) {
    const x = v128.load(v + k),
      z = v128.load(w + k);
    v128.store(column + k, minusProduct(minusProduct(v128.load(column + k), x, wFirst), z, vFirst));
    v128.store(other + k, minusProduct(minusProduct(v128.load(other + k), x, wSecond), z, vSecond));
  }
}

/**
 * Reflects the block below a square by (tau, v) from the right, then by a new reflection from the left. The new one
 * removes the block's first column below the first entry. Stores its vector at `next` and returns its factor.
 */
function chaseBlock(block: usize, v: usize, tau: f64, next: usize, y: usize): f64 {
  multiplyTwelve(block, v, tau, y);
  multiplyTwelve(block + 96, v, tau, y + 96);
  const v0 = f64x2.splat(load<f64>(v));
  for (let at: usize = 0; at < BYTES; at += 16) {
    v128.store(next + at, minusProduct(v128.load(block + at), v0, v128.load(y + at)));
  }
  const own = reflectNext(next, y + BYTES);
  let column = block;
  for (let at: usize = 0; at < BYTES; at += 32) {
    reflectFour(column, v + at, y, next, own);
    column += 4 * COLUMN;
  }
  memory.fill(block, 0, BYTES);
  store<f64>(block, load<f64>(y + BYTES));
  return own;
}

function reflectNext(next: usize, beta: usize): f64 {
  return reflect(next, squaredNorm(next + 8, WIDTH - 1), beta);
}

/** Twelve entries of y = tau B v. */
function multiplyTwelve(block: usize, v: usize, tau: f64, y: usize): void {
  let y0 = f64x2.splat(0),
    y1 = y0,
    y2 = y0,
    y3 = y0,
    y4 = y0,
    y5 = y0;
  for (const end = v + BYTES; v < end; v += 8) {
    const x = v128.load64_splat(v);
    y0 = plusProduct(y0, v128.load(block), x);
    y1 = plusProduct(y1, v128.load(block, 16), x);
    y2 = plusProduct(y2, v128.load(block, 32), x);
    y3 = plusProduct(y3, v128.load(block, 48), x);
    y4 = plusProduct(y4, v128.load(block, 64), x);
    y5 = plusProduct(y5, v128.load(block, 80), x);
    block += COLUMN;
  }
  const factor = f64x2.splat(tau);
  v128.store(y, f64x2.mul(factor, y0));
  v128.store(y, f64x2.mul(factor, y1), 16);
  v128.store(y, f64x2.mul(factor, y2), 32);
  v128.store(y, f64x2.mul(factor, y3), 48);
  v128.store(y, f64x2.mul(factor, y4), 64);
  v128.store(y, f64x2.mul(factor, y5), 80);
}

/** Four columns less y times their entries of v, then reflected by (tau, next). */
function reflectFour(column: usize, v: usize, y: usize, next: usize, tau: f64): void {
  const second = column + COLUMN,
    third = second + COLUMN,
    fourth = third + COLUMN;
  const v0 = v128.load64_splat(v),
    v1 = v128.load64_splat(v, 8),
    v2 = v128.load64_splat(v, 16),
    v3 = v128.load64_splat(v, 24);
  let dot0 = f64x2.splat(0),
    dot1 = dot0,
    dot2 = dot0,
    dot3 = dot0;
  for (let at: usize = 0; at < BYTES; at += 16) {
    const ys = v128.load(y + at),
      x = v128.load(next + at);
    let a = minusProduct(v128.load(column + at), ys, v0);
    dot0 = plusProduct(dot0, a, x);
    v128.store(column + at, a);
    a = minusProduct(v128.load(second + at), ys, v1);
    dot1 = plusProduct(dot1, a, x);
    v128.store(second + at, a);
    a = minusProduct(v128.load(third + at), ys, v2);
    dot2 = plusProduct(dot2, a, x);
    v128.store(third + at, a);
    a = minusProduct(v128.load(fourth + at), ys, v3);
    dot3 = plusProduct(dot3, a, x);
    v128.store(fourth + at, a);
  }
  const z0 = f64x2.splat(tau * (f64x2.extract_lane(dot0, 0) + f64x2.extract_lane(dot0, 1))),
    z1 = f64x2.splat(tau * (f64x2.extract_lane(dot1, 0) + f64x2.extract_lane(dot1, 1))),
    z2 = f64x2.splat(tau * (f64x2.extract_lane(dot2, 0) + f64x2.extract_lane(dot2, 1))),
    z3 = f64x2.splat(tau * (f64x2.extract_lane(dot3, 0) + f64x2.extract_lane(dot3, 1)));
  for (let at: usize = 0; at < BYTES; at += 16) {
    const x = v128.load(next + at);
    v128.store(column + at, minusProduct(v128.load(column + at), z0, x));
    v128.store(second + at, minusProduct(v128.load(second + at), z1, x));
    v128.store(third + at, minusProduct(v128.load(third + at), z2, x));
    v128.store(fourth + at, minusProduct(v128.load(fourth + at), z3, x));
  }
}
