import { plusProduct } from '../multiply-add';
import { addTile, BLOCK_PANELS, productAccumulate } from './product';
import { PAIR, panelAt, TILE } from './tiles';

/** C += P Pᵀ on and below the diagonal, over packed panels: a symmetric rank-k product. */
export function symmetricProduct(packed: usize, panels: i32, depth: i32, c: usize, work: usize): void {
  accumulateSymmetric(packed, packed, panels, depth, c, work);
}

/**
 * Adds a symmetric product P Qᵀ of packed panels to C, on and below the diagonal. It is symmetric if P = Q, or if P =
 * [X, Y] and Q = [Y, X]. Layouts and sums are those of `productAccumulate`, bit for bit.
 *
 * Six rows by four columns take twelve accumulators, as many as x86 needs to keep both its units busy; four by four
 * have eight. So the rows of three panels are copied into two panels of six rows, with row k of depth d at `(d * 6 + k)
 * * 8`. If product and sum are two operations, no register is left for the product.
 *
 * `work` holds 96 depth + 192 bytes.
 */
export function accumulateSymmetric(
  left: usize,
  right: usize,
  panels: i32,
  depth: i32,
  c: usize,
  work: usize,
): void {
  if (!ASC_FEATURE_RELAXED_SIMD) {
    productAccumulate(left, right, 0, panels, depth, c);
    return;
  }
  const panelBytes: usize = (<usize>depth) << 5;
  const sixes = work + SUMS;
  for (let from = 0; from < panels; from += BLOCK_PANELS) {
    const block = right + <usize>from * panelBytes;
    const to = min(from + BLOCK_PANELS, panels);
    let p = from;
    for (const whole = from + ((panels - from) % 3); p < whole; p++) {
      addTiles(left, right, p, from, min(to, p + 1), depth, c);
    }
    for (; p < panels; p += 3) {
      const rows = left + <usize>p * panelBytes;
      const count = min(to, p + 1) - from;
      const first = panelAt(c, p) + <usize>from * TILE;
      const second = panelAt(c, p + 1) + <usize>from * TILE;
      const third = panelAt(c, p + 2) + <usize>from * TILE;
      takeSixes(rows, panelBytes, sixes);
      addStrip(sixes, block, depth, count, first, first + TWO_ROWS, second, work);
      addStrip(sixes + depth * STEP, block, depth, count, second + TWO_ROWS, third, third + TWO_ROWS, work);
      // the tiles of the second and third panel right of the first one's diagonal
      addTiles(left, right, p + 1, p + 1, min(to, p + 2), depth, c);
      addTiles(left, right, p + 2, p + 1, min(to, p + 3), depth, c);
    }
  }
}

/** Bytes of six rows for one step of the depth. */
const STEP: usize = 48;
/** Bytes of the sums of six rows by four columns. */
const SUMS: usize = 192;
/** From one pair of rows of a panel to the next, within a pair of columns. */
const TWO_ROWS: usize = 32;

/** Three panels of four rows as two of six. */
function takeSixes(panel: usize, panelBytes: usize, target: usize): void {
  const half = (panelBytes >> 5) * STEP;
  for (const end = panel + panelBytes; panel < end; panel += 32) {
    const middle = panel + panelBytes,
      last = middle + panelBytes;
    v128.store(target, v128.load(panel));
    v128.store(target, v128.load(panel, 16), 16);
    v128.store(target, v128.load(middle), 32);
    v128.store(target + half, v128.load(middle, 16));
    v128.store(target + half, v128.load(last), 16);
    v128.store(target + half, v128.load(last, 16), 32);
    target += STEP;
  }
}

/** Tiles `from` up to `to` of panel p. */
function addTiles(left: usize, right: usize, p: i32, from: i32, to: i32, depth: i32, c: usize): void {
  const panelBytes: usize = (<usize>depth) << 5;
  for (let j = from; j < to; j++) {
    addTile(
      left + <usize>p * panelBytes,
      right + <usize>j * panelBytes,
      depth,
      panelAt(c, p) + <usize>j * TILE,
    );
  }
}

/** Six rows, whose first tiles' pairs of rows lie at the last three places, by the columns of `count` panels. */
function addStrip(
  left: usize,
  right: usize,
  depth: i32,
  count: i32,
  top: usize,
  middle: usize,
  bottom: usize,
  sums: usize,
): void {
  for (let j = 0; j < count; j++) {
    multiplySix(left, right, depth, sums);
    addFour(sums, top);
    addFour(sums + 64, middle);
    addFour(sums + 128, bottom);
    right += (<usize>depth) << 5;
    top += TILE;
    middle += TILE;
    bottom += TILE;
  }
}

/**
 * Multiplies six rows by four columns and stores the sums row by row. Fifteen registers just suffice. Some compilers
 * manage with them only if this is a separate function (hence the export) with a plain end; otherwise it takes twice
 * the time.
 */
export function multiplySix(left: usize, right: usize, depth: i32, sums: usize): void {
  let c00 = f64x2.splat(0),
    c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0),
    c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0),
    c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0),
    c31 = f64x2.splat(0);
  let c40 = f64x2.splat(0),
    c41 = f64x2.splat(0);
  let c50 = f64x2.splat(0),
    c51 = f64x2.splat(0);
  const end = left + <usize>depth * STEP;
  while (left < end) {
    const b0 = v128.load(right),
      b1 = v128.load(right, 16);
    let a = v128.load64_splat(left);
    c00 = plusProduct(c00, a, b0);
    c01 = plusProduct(c01, a, b1);
    a = v128.load64_splat(left, 8);
    c10 = plusProduct(c10, a, b0);
    c11 = plusProduct(c11, a, b1);
    a = v128.load64_splat(left, 16);
    c20 = plusProduct(c20, a, b0);
    c21 = plusProduct(c21, a, b1);
    a = v128.load64_splat(left, 24);
    c30 = plusProduct(c30, a, b0);
    c31 = plusProduct(c31, a, b1);
    a = v128.load64_splat(left, 32);
    c40 = plusProduct(c40, a, b0);
    c41 = plusProduct(c41, a, b1);
    a = v128.load64_splat(left, 40);
    c50 = plusProduct(c50, a, b0);
    c51 = plusProduct(c51, a, b1);
    left += STEP;
    right += 32;
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c10, 32);
  v128.store(sums, c11, 48);
  v128.store(sums, c20, 64);
  v128.store(sums, c21, 80);
  v128.store(sums, c30, 96);
  v128.store(sums, c31, 112);
  v128.store(sums, c40, 128);
  v128.store(sums, c41, 144);
  v128.store(sums, c50, 160);
  v128.store(sums, c51, 176);
}

/** Two rows by four columns of a tile. */
function addFour(sums: usize, c: usize): void {
  v128.store(c, f64x2.add(v128.load(c), v128.load(sums)));
  v128.store(c, f64x2.add(v128.load(c, PAIR), v128.load(sums, 16)), PAIR);
  v128.store(c, f64x2.add(v128.load(c, 16), v128.load(sums, 32)), 16);
  v128.store(c, f64x2.add(v128.load(c, PAIR + 16), v128.load(sums, 48)), PAIR + 16);
}
