import { minusProduct, plusProduct } from '../multiply-add';
import { lefts, rights } from './pairs';
import { reflect } from './reflection';
import { PAIR, panelAt, ROW, TILE } from './tiles';

/**
 * Adds a piece B of a wide matrix to its triangular factor L. L becomes the L of the LQ factorisation of (L B), so
 * after all pieces L Lᵀ = Σ B Bᵀ, computed without squaring the matrix.
 *
 * Layout: L lies in tiles (tiles.ts), in `panels` panels (an even number), and starts as zeros. B has as many panels of
 * four rows, interleaved along `width` columns: element (row, k) of panel p is double `(p * width + k) * 4 + row`. B is
 * destroyed. `work` holds 8 width + 112 doubles.
 *
 * Row j is reflected into L[j][j] by I - tau v vᵀ, where v is delta at column j of L, followed by row j of B. Eight
 * rows make a block. Their reflections are made one by one and applied to a later row c all at once: with z = c v for
 * each of them and g[i][j] = vᵢ·vⱼ, forward substitution y[j] = tau[j] (z[j] - Σ y[i] g[i][j]), i < j, gives the sum to
 * subtract, Σ y[j] v[j].
 */
export function triangularise(l: usize, panels: i32, b: usize, width: i32, work: usize): void {
  const panelBytes: usize = (<usize>width) << 5;
  const products = work,
    tau = products + 512,
    delta = tau + 64,
    z = delta + 64,
    vectors = z + 256;
  for (let p = 0; p < panels; p += 2) {
    takeBlock(b, panelBytes, vectors);
    const tiles = panelAt(l, p) + <usize>p * TILE;
    reflectBlock(tiles, tiles + <usize>(p + 1) * TILE, vectors, width, products, tau, delta, z);
    b += panelBytes << 1;
    let other = b;
    for (let c = p + 2; c < panels; c++) {
      const entries = panelAt(l, c) + <usize>p * TILE;
      multiplyPanel(other, vectors, width, z);
      solvePanel(entries, products, tau, delta, z);
      updatePanel(other, vectors, width, z);
      other += panelBytes;
    }
  }
}

/** Bytes of the eight vectors for one column. */
const STEP: usize = 64;
/** Columns summed in one chain before the chains are added: a short chain keeps rounding small. */
const CHAIN: i32 = 32;

/** Interleaves two panels: vectors[k][0..7]. */
function takeBlock(b: usize, panelBytes: usize, vectors: usize): void {
  for (let at: usize = 0; at < panelBytes; at += 32) {
    v128.store(vectors, v128.load(b + at));
    v128.store(vectors, v128.load(b + at, 16), 16);
    v128.store(vectors, v128.load(b + panelBytes + at), 32);
    v128.store(vectors, v128.load(b + panelBytes + at, 16), 48);
    vectors += STEP;
  }
}

/**
 * Makes the eight reflections of a block. Its entries of L are the triangle of an 8 x 8 block: four tiles, in two rows
 * of tiles that begin at `upper` and `lower`. `products` gets g[i][j] at double 8 j + i.
 */
function reflectBlock(
  upper: usize,
  lower: usize,
  vectors: usize,
  width: i32,
  products: usize,
  tau: usize,
  delta: usize,
  takes: usize,
): void {
  clear(takes, 64);
  for (let j: i32 = 0; j < 8; j++) {
    const own = products + ((<usize>j) << 6);
    multiplyBlock(vectors, width, j, takes, own);
    const place = (<usize>j) << 3;
    const diagonal = entryAt(upper, lower, j, j);
    store<f64>(delta + place, load<f64>(diagonal));
    const t = reflect(delta + place, load<f64>(own + place), diagonal);
    const d = load<f64>(delta + place);
    store<f64>(tau + place, t);
    for (let r = 0; r <= j; r++) store<f64>(takes + ((<usize>r) << 3), 0);
    for (let r = j + 1; r < 8; r++) {
      const entry = entryAt(upper, lower, r, j);
      const old = load<f64>(entry);
      const y = t * (d * old + load<f64>(own + ((<usize>r) << 3)));
      store<f64>(entry, old - y * d);
      store<f64>(takes + ((<usize>r) << 3), y);
    }
  }
}

/** Writes zeros; for a few bytes a call of `memory.fill` takes longer. */
function clear(at: usize, bytes: usize): void {
  const zero = f64x2.splat(0);
  for (const end = at + bytes; at < end; at += 16) v128.store(at, zero);
}

/** Returns the offset of entry (i, j) of an 8 x 8 block. */
function entryAt(upper: usize, lower: usize, i: i32, j: i32): usize {
  return (i < 4 ? upper : lower) + ((<usize>(i & 3)) << 4) + <usize>(j >> 1) * PAIR + ((<usize>(j & 1)) << 3);
}

/** Subtracts vector j - 1 times takes[r] from vector r, then stores the products of vector j with all. */
function multiplyBlock(vectors: usize, width: i32, j: i32, takes: usize, target: usize): void {
  clear(target, 64);
  for (let k = 0; k < width; k += CHAIN) {
    multiplyPart(vectors, min(CHAIN, width - k), j, takes, target);
    vectors += CHAIN * STEP;
  }
}

/** The part of `multiplyBlock` that some columns have in it. */
function multiplyPart(vectors: usize, width: i32, j: i32, takes: usize, target: usize): void {
  const t0 = v128.load(takes),
    t1 = v128.load(takes, 16),
    t2 = v128.load(takes, 32),
    t3 = v128.load(takes, 48);
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  const place = (<usize>j) << 3,
    before = (<usize>max(j - 1, 0)) << 3;
  const end = vectors + <usize>width * STEP;
  for (; vectors < end; vectors += STEP) {
    const last = v128.load64_splat(vectors + before);
    const x0 = minusProduct(v128.load(vectors), last, t0),
      x1 = minusProduct(v128.load(vectors, 16), last, t1),
      x2 = minusProduct(v128.load(vectors, 32), last, t2),
      x3 = minusProduct(v128.load(vectors, 48), last, t3);
    v128.store(vectors, x0);
    v128.store(vectors, x1, 16);
    v128.store(vectors, x2, 32);
    v128.store(vectors, x3, 48);
    const own = v128.load64_splat(vectors + place);
    s0 = plusProduct(s0, own, x0);
    s1 = plusProduct(s1, own, x1);
    s2 = plusProduct(s2, own, x2);
    s3 = plusProduct(s3, own, x3);
  }
  v128.store(target, f64x2.add(v128.load(target), s0));
  v128.store(target, f64x2.add(v128.load(target, 16), s1), 16);
  v128.store(target, f64x2.add(v128.load(target, 32), s2), 32);
  v128.store(target, f64x2.add(v128.load(target, 48), s3), 48);
}

/** z[j] = the products of four rows of B with vector j: four doubles each. */
function multiplyPanel(b: usize, vectors: usize, width: i32, z: usize): void {
  clear(z, 256);
  for (let k = 0; k < width; k += CHAIN) {
    const count = min(CHAIN, width - k);
    addProducts(b, vectors, count, z);
    addProducts(b, vectors + 32, count, z + 128);
    b += (<usize>CHAIN) << 5;
    vectors += CHAIN * STEP;
  }
}

/** Those with four vectors that some columns have in them. */
function addProducts(b: usize, vectors: usize, width: i32, z: usize): void {
  let c00 = f64x2.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00;
  const end = b + ((<usize>width) << 5);
  while (b < end) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    let v = v128.load64_splat(vectors);
    c00 = plusProduct(c00, v, b0);
    c01 = plusProduct(c01, v, b1);
    v = v128.load64_splat(vectors, 8);
    c10 = plusProduct(c10, v, b0);
    c11 = plusProduct(c11, v, b1);
    v = v128.load64_splat(vectors, 16);
    c20 = plusProduct(c20, v, b0);
    c21 = plusProduct(c21, v, b1);
    v = v128.load64_splat(vectors, 24);
    c30 = plusProduct(c30, v, b0);
    c31 = plusProduct(c31, v, b1);
    b += 32;
    vectors += STEP;
  }
  v128.store(z, f64x2.add(v128.load(z), c00));
  v128.store(z, f64x2.add(v128.load(z, 16), c01), 16);
  v128.store(z, f64x2.add(v128.load(z, 32), c10), 32);
  v128.store(z, f64x2.add(v128.load(z, 48), c11), 48);
  v128.store(z, f64x2.add(v128.load(z, 64), c20), 64);
  v128.store(z, f64x2.add(v128.load(z, 80), c21), 80);
  v128.store(z, f64x2.add(v128.load(z, 96), c30), 96);
  v128.store(z, f64x2.add(v128.load(z, 112), c31), 112);
}

/** Computes y from z and updates the four rows' entries of L (two tiles). */
function solvePanel(entries: usize, products: usize, tau: usize, delta: usize, z: usize): void {
  for (let j: usize = 0; j < 8; j += 2) {
    const row0 = v128.load(entries),
      row1 = v128.load(entries, ROW),
      row2 = v128.load(entries, 2 * ROW),
      row3 = v128.load(entries, 3 * ROW);
    const d0 = v128.load64_splat(delta + (j << 3)),
      d1 = v128.load64_splat(delta + (j << 3), 8);
    const a0 = lefts(row0, row1),
      a1 = lefts(row2, row3),
      b0 = rights(row0, row1),
      b1 = rights(row2, row3);
    const own = z + (j << 5);
    let y0 = plusProduct(v128.load(own), a0, d0),
      y1 = plusProduct(v128.load(own, 16), a1, d0);
    let w0 = plusProduct(v128.load(own, 32), b0, d1),
      w1 = plusProduct(v128.load(own, 48), b1, d1);
    let g = products + (j << 6);
    for (let known = z; known < own; known += 32) {
      const f0 = v128.load64_splat(g),
        f1 = v128.load64_splat(g, 64);
      const k0 = v128.load(known),
        k1 = v128.load(known, 16);
      y0 = minusProduct(y0, k0, f0);
      y1 = minusProduct(y1, k1, f0);
      w0 = minusProduct(w0, k0, f1);
      w1 = minusProduct(w1, k1, f1);
      g += 8;
    }
    const t0 = v128.load64_splat(tau + (j << 3)),
      t1 = v128.load64_splat(tau + (j << 3), 8);
    y0 = f64x2.mul(y0, t0);
    y1 = f64x2.mul(y1, t0);
    const between = v128.load64_splat(g, 64);
    w0 = f64x2.mul(minusProduct(w0, y0, between), t1);
    w1 = f64x2.mul(minusProduct(w1, y1, between), t1);
    v128.store(own, y0);
    v128.store(own, y1, 16);
    v128.store(own, w0, 32);
    v128.store(own, w1, 48);
    const p0 = minusProduct(a0, y0, d0),
      p1 = minusProduct(a1, y1, d0),
      q0 = minusProduct(b0, w0, d1),
      q1 = minusProduct(b1, w1, d1);
    v128.store(entries, lefts(p0, q0));
    v128.store(entries, rights(p0, q0), ROW);
    v128.store(entries, lefts(p1, q1), 2 * ROW);
    v128.store(entries, rights(p1, q1), 3 * ROW);
    entries += PAIR;
  }
}

/** B -= Σ y[j] v[j] for four rows. */
function updatePanel(b: usize, vectors: usize, width: i32, y: usize): void {
  let k = 0;
  for (; k + 4 <= width; k += 4) {
    updateFour(b, vectors, y);
    b += 128;
    vectors += 4 * STEP;
  }
  for (; k < width; k++) {
    let low = v128.load(b),
      high = v128.load(b, 16);
    for (let j: usize = 0; j < 8; j++) {
      const v = v128.load64_splat(vectors + (j << 3));
      low = minusProduct(low, v, v128.load(y + (j << 5)));
      high = minusProduct(high, v, v128.load(y + (j << 5), 16));
    }
    v128.store(b, low);
    v128.store(b, high, 16);
    b += 32;
    vectors += STEP;
  }
}

function updateFour(b: usize, vectors: usize, y: usize): void {
  let b00 = v128.load(b),
    b01 = v128.load(b, 16),
    b10 = v128.load(b, 32),
    b11 = v128.load(b, 48),
    b20 = v128.load(b, 64),
    b21 = v128.load(b, 80),
    b30 = v128.load(b, 96),
    b31 = v128.load(b, 112);
  const end = y + 256;
  while (y < end) {
    const y0 = v128.load(y),
      y1 = v128.load(y, 16);
    let v = v128.load64_splat(vectors);
    b00 = minusProduct(b00, v, y0);
    b01 = minusProduct(b01, v, y1);
    v = v128.load64_splat(vectors, STEP);
    b10 = minusProduct(b10, v, y0);
    b11 = minusProduct(b11, v, y1);
    v = v128.load64_splat(vectors, 2 * STEP);
    b20 = minusProduct(b20, v, y0);
    b21 = minusProduct(b21, v, y1);
    v = v128.load64_splat(vectors, 3 * STEP);
    b30 = minusProduct(b30, v, y0);
    b31 = minusProduct(b31, v, y1);
    y += 32;
    vectors += 8;
  }
  v128.store(b, b00);
  v128.store(b, b01, 16);
  v128.store(b, b10, 32);
  v128.store(b, b11, 48);
  v128.store(b, b20, 64);
  v128.store(b, b21, 80);
  v128.store(b, b30, 96);
  v128.store(b, b31, 112);
}
