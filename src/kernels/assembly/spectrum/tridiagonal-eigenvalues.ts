/**
 * Replaces `diagonal` by the eigenvalues, unordered, of a symmetric tridiagonal matrix. Method: the square-root-free
 * implicit QL iteration of Pal, Walker and Kahan (Parlett, The Symmetric Eigenvalue Problem, section 8.14-15).
 * `squares` holds the n - 1 squared off-diagonal entries and one more double; it is destroyed. The largest entry has to
 * be within 1e±60. `work` holds 24 doubles. Returns 0, or 1 when a value needed more than `ROUNDS` rounds.
 *
 * A sweep is one chain of dependent operations around a division, in which a processor mostly idles. So four sweeps run
 * at once, each two rows behind the previous one. Their shifts are the eigenvalues of the leading 4 x 4 block (as in
 * the small-bulge multishift QR of Braman, Byers and Mathias 2002).
 */
const ROUNDS: i32 = 60;
/** (2⁻⁵²)²: an off-diagonal entry is dropped when its square is below this times the two diagonal neighbours. */
const DROP: f64 = 4.930380657631324e-32;
/** Rounds of four sweeps before a block is swept once at a time, which always converges. */
const PATIENCE: i32 = 10;
const CHAINS: i32 = 4;
/** Where the chains' states begin in `work`, behind the leading block. */
const CHAIN_STATE: usize = 64;
/** A block shorter than this is swept once at a time. */
const SHORT: i32 = 16;

export function tridiagonalEigenvalues(diagonal: usize, squares: usize, n: i32, work: usize): i32 {
  if (n > 0) store<f64>(squares + ((<usize>(n - 1)) << 3), 0);
  // entries negligible beside the largest one are dropped too; otherwise a block of zeros would never split
  const floor = DROP * largest(diagonal, squares, n) * 1e-8;
  const tiny = floor * 1e-8;
  let first = 0;
  let rounds = 0;
  while (first < n) {
    const last = endOfBlock(diagonal, squares, first, n, floor);
    if (last === first) {
      first++;
      rounds = 0;
      continue;
    }
    if (++rounds > ROUNDS) return 1;
    if (last - first < SHORT || rounds > PATIENCE) {
      sweep(diagonal, squares, first, last, shift(diagonal, squares, first), work + CHAIN_STATE, tiny);
    } else {
      const at: usize = (<usize>first) << 3;
      memory.copy(work, diagonal + at, CHAINS << 3);
      memory.copy(work + 32, squares + at, (CHAINS - 1) << 3);
      if (tridiagonalEigenvalues(work, work + 32, CHAINS, work) !== 0) return 1;
      sweepFour(diagonal, squares, first, last, work, tiny);
    }
  }
  return 0;
}

/** The largest squared entry. */
function largest(diagonal: usize, squares: usize, n: i32): f64 {
  let most: f64 = 0;
  for (let i = 0; i < n; i++) {
    const d = load<f64>(diagonal + ((<usize>i) << 3));
    most = max(most, max(d * d, load<f64>(squares + ((<usize>i) << 3))));
  }
  return most;
}

/**
 * Returns the last index of the unreduced block that starts at `first`. The entry that ends the block is set to zero.
 */
function endOfBlock(diagonal: usize, squares: usize, first: i32, n: i32, floor: f64): i32 {
  let m = first;
  for (; m < n - 1; m++) {
    const at: usize = (<usize>m) << 3;
    const square = load<f64>(squares + at);
    if (square <= DROP * abs(load<f64>(diagonal + at) * load<f64>(diagonal + at, 8)) || square <= floor) {
      store<f64>(squares + at, 0);
      break;
    }
  }
  return m;
}

/** Wilkinson's shift: the eigenvalue of the leading 2 x 2 block nearer to its first entry. */
function shift(diagonal: usize, squares: usize, first: i32): f64 {
  const at: usize = (<usize>first) << 3;
  const p = load<f64>(diagonal + at);
  const square = load<f64>(squares + at);
  const root = Math.sqrt(square);
  const t = (load<f64>(diagonal + at, 8) - p) / (2 * root);
  const length = Math.sqrt(t * t + 1);
  return p - root / (t + (t < 0 ? -length : length));
}

/** One QL sweep over diagonal[first..last], from the bottom up. */
function sweep(
  diagonal: usize,
  squares: usize,
  first: i32,
  last: i32,
  sigma: f64,
  chain: usize,
  tiny: f64,
): void {
  start(chain, diagonal, last, sigma);
  advance(chain, diagonal, squares, last - 1, first, tiny);
  finish(chain, diagonal, squares, first, tiny);
}

/** Four sweeps with the shifts work[0..3]; chain k stands 2k rows below chain 0. */
function sweepFour(diagonal: usize, squares: usize, first: i32, last: i32, work: usize, tiny: f64): void {
  const c0 = work + CHAIN_STATE,
    c1 = c0 + 32,
    c2 = c1 + 32,
    c3 = c2 + 32;
  start(c0, diagonal, last, load<f64>(work));
  advance(c0, diagonal, squares, last - 1, last - 6, tiny);
  start(c1, diagonal, last, load<f64>(work, 8));
  advance(c1, diagonal, squares, last - 1, last - 4, tiny);
  start(c2, diagonal, last, load<f64>(work, 16));
  advance(c2, diagonal, squares, last - 1, last - 2, tiny);
  start(c3, diagonal, last, load<f64>(work, 24));
  advanceFour(c0, diagonal, squares, last - 7, first, tiny);
  finish(c0, diagonal, squares, first, tiny);
  advance(c1, diagonal, squares, first + 1, first, tiny);
  finish(c1, diagonal, squares, first, tiny);
  advance(c2, diagonal, squares, first + 3, first, tiny);
  finish(c2, diagonal, squares, first, tiny);
  advance(c3, diagonal, squares, first + 5, first, tiny);
  finish(c3, diagonal, squares, first, tiny);
}

/** A chain's state is c, s, gamma and its shift. */
function start(chain: usize, diagonal: usize, last: i32, sigma: f64): void {
  store<f64>(chain, 1);
  store<f64>(chain, 0, 8);
  store<f64>(chain, load<f64>(diagonal + ((<usize>last) << 3)) - sigma, 16);
  store<f64>(chain, sigma, 24);
}

/**
 * Advances one chain over rows `from` up to `to`. A gamma of zero would lead to 0 / 0, so its square is kept above
 * `tiny`. That moves the matrix by √tiny, far less than the entries that `endOfBlock` drops.
 */
function advance(chain: usize, diagonal: usize, squares: usize, from: i32, to: i32, tiny: f64): void {
  let c = load<f64>(chain),
    s = load<f64>(chain, 8),
    gamma = load<f64>(chain, 16);
  const sigma = load<f64>(chain, 24);
  for (let i = from; i >= to; i--) {
    const at = diagonal + ((<usize>i) << 3);
    const square = squares + ((<usize>i) << 3);
    const alpha = load<f64>(at);
    const q = max(gamma * gamma, tiny);
    const t = load<f64>(square) * c;
    const r = q + t;
    store<f64>(square, s * (r / c), 8);
    const inverse = 1 / r;
    c = q * inverse;
    s = t * inverse;
    const old = gamma;
    gamma = c * (alpha - sigma) - s * old;
    store<f64>(at, old + (alpha - gamma), 8);
  }
  store<f64>(chain, c);
  store<f64>(chain, s, 8);
  store<f64>(chain, gamma, 16);
}

function finish(chain: usize, diagonal: usize, squares: usize, first: i32, tiny: f64): void {
  const gamma = load<f64>(chain, 16);
  store<f64>(
    squares + ((<usize>first) << 3),
    load<f64>(chain, 8) * (max(gamma * gamma, tiny) / load<f64>(chain)),
  );
  store<f64>(diagonal + ((<usize>first) << 3), load<f64>(chain, 24) + gamma);
}

/** `advance` for four chains at once, two to a vector; `from` and `to` are the first chain's rows. */
function advanceFour(chain: usize, diagonal: usize, squares: usize, from: i32, to: i32, tiny: f64): void {
  let c0 = pair(chain),
    s0 = pair(chain + 8),
    gamma0 = pair(chain + 16);
  let c1 = pair(chain + 64),
    s1 = pair(chain + 72),
    gamma1 = pair(chain + 80);
  const sigma0 = pair(chain + 24),
    sigma1 = pair(chain + 88);
  const least = f64x2.splat(tiny),
    one = f64x2.splat(1);
  let at = diagonal + ((<usize>from) << 3);
  let square = squares + ((<usize>from) << 3);
  const stop = diagonal + ((<usize>to) << 3);
  while (at >= stop) {
    const alpha0 = v128.load64_lane(at, v128.load64_zero(at), 1, 16);
    const alpha1 = v128.load64_lane(at, v128.load64_zero(at, 32), 1, 48);
    const q0 = f64x2.pmax(least, f64x2.mul(gamma0, gamma0));
    const q1 = f64x2.pmax(least, f64x2.mul(gamma1, gamma1));
    const t0 = f64x2.mul(v128.load64_lane(square, v128.load64_zero(square), 1, 16), c0);
    const t1 = f64x2.mul(v128.load64_lane(square, v128.load64_zero(square, 32), 1, 48), c1);
    const r0 = f64x2.add(q0, t0);
    const r1 = f64x2.add(q1, t1);
    const inverse0 = f64x2.div(one, r0);
    const inverse1 = f64x2.div(one, r1);
    const b0 = f64x2.mul(s0, f64x2.div(r0, c0));
    const b1 = f64x2.mul(s1, f64x2.div(r1, c1));
    c0 = f64x2.mul(q0, inverse0);
    c1 = f64x2.mul(q1, inverse1);
    s0 = f64x2.mul(t0, inverse0);
    s1 = f64x2.mul(t1, inverse1);
    const old0 = gamma0,
      old1 = gamma1;
    gamma0 = f64x2.sub(f64x2.mul(c0, f64x2.sub(alpha0, sigma0)), f64x2.mul(s0, old0));
    gamma1 = f64x2.sub(f64x2.mul(c1, f64x2.sub(alpha1, sigma1)), f64x2.mul(s1, old1));
    const d0 = f64x2.add(old0, f64x2.sub(alpha0, gamma0));
    const d1 = f64x2.add(old1, f64x2.sub(alpha1, gamma1));
    v128.store64_lane(square, b0, 0, 8);
    v128.store64_lane(square, b0, 1, 24);
    v128.store64_lane(square, b1, 0, 40);
    v128.store64_lane(square, b1, 1, 56);
    v128.store64_lane(at, d0, 0, 8);
    v128.store64_lane(at, d0, 1, 24);
    v128.store64_lane(at, d1, 0, 40);
    v128.store64_lane(at, d1, 1, 56);
    at -= 8;
    square -= 8;
  }
  unpair(chain, c0, s0, gamma0);
  unpair(chain + 64, c1, s1, gamma1);
}

/** The same field of two chains. */
function pair(field: usize): v128 {
  return v128.load64_lane(field, v128.load64_zero(field), 1, 32);
}

function unpair(chain: usize, c: v128, s: v128, gamma: v128): void {
  v128.store64_lane(chain, c, 0);
  v128.store64_lane(chain, c, 1, 32);
  v128.store64_lane(chain, s, 0, 8);
  v128.store64_lane(chain, s, 1, 40);
  v128.store64_lane(chain, gamma, 0, 16);
  v128.store64_lane(chain, gamma, 1, 48);
}
