import { minusProduct, plusProduct } from '../multiply-add';
import { lefts, rights, sums } from './pairs';
import { addCombination, BLOCK, clearPair, DEPTH, dot, PANEL, project, takeRow } from './panels';
import { addTile } from './product';
import { reflect, squaredNorm } from './reflection';
import { PAIR, ROW, TILE } from './tiles';

/**
 * Reduces a matrix with rows <= columns to lower bidiagonal form by Householder reflections, which are not kept. The
 * diagonal is d[0..rows-1], the entries below it are e[0..rows-2]. The steps are blocked after Dongarra, Hammarling and
 * Sorensen (1989); the single pass per step follows Howell, Demmel, Fulton, Hammarling and Marmol (2008).
 *
 * Layout: panels of four rows, each `tiles` tiles long (tiles.ts); padding rows and columns are zero. The matrix is
 * destroyed. `work` holds 36 doubles plus 72 for each panel and each tile of a panel: coefficients, v, y, x and u, then
 * L and R in the layout of panels.ts.
 *
 * Step i eliminates row i by a reflection (tau, v) from the right, then column i by one (sigma, u) from the left. The
 * remaining matrix M becomes M - x vᵀ - u yᵀ with x = tau M v and y = sigma (M - x vᵀ)ᵀ u. Within a block these updates
 * are deferred: M is A + L Rᵀ with L = [-x, -u, ...] and R = [v, y, ...]. One pass over A takes four rows at a time.
 * Their product with v gives their entries of x, which give their entries of column i, which give their contribution to
 * y.
 */
export function bidiagonalise(
  a: usize,
  rows: i32,
  columns: i32,
  diagonal: usize,
  below: usize,
  work: usize,
): void {
  const tiles = (columns + 3) >> 2,
    panels = (rows + 3) >> 2;
  const panelBytes = <usize>tiles * TILE;
  const rowBytes: usize = (<usize>panels) << 5,
    columnBytes: usize = (<usize>tiles) << 5;
  const coefficients = work,
    ofColumn = coefficients + (DEPTH << 3),
    v = ofColumn + (DEPTH << 3),
    y = v + columnBytes,
    x = y + columnBytes,
    u = x + rowBytes + 32; // one panel past the last is multiplied too
  const left = u + rowBytes,
    right = left + <usize>panels * PANEL;
  const pairs = tiles << 1;
  for (let i = 0; i < rows; i++) {
    const step = i & (BLOCK - 1);
    if (i > 0 && step === 0) payAll(left, right, i >> 2, panels, tiles, a);
    // vectors along columns begin at the panel of column i, vectors along rows at the panel of row i + 1
    const here: usize = (<usize>i) << 3,
      start = here & ~31,
      below4 = (here + 8) & ~31;
    const columnsLeft = right + (start >> 5) * PANEL,
      rowsLeft = left + (below4 >> 5) * PANEL;
    copyRow(rowAt(a, panelBytes, i), i >> 1, pairs, v);
    takeRow(left, i, step, coefficients);
    addCombination(v + start, v + columnBytes, columnsLeft, step, coefficients);
    clear(v + start, v + here);
    const tau = reflect(v + here, squaredNorm(v + here + 8, columns - i - 1), diagonal + here);
    if (i === rows - 1) break;

    project(v + start, v + columnBytes, columnsLeft, step, coefficients);
    takeRow(right, i, step, ofColumn);
    memory.fill(y + start, 0, columnBytes - start);
    // four rows give their part of y while the next four are read
    let panel = a + (below4 >> 5) * panelBytes,
      l = rowsLeft;
    multiply(panel, i >> 1, pairs, v, x + below4);
    for (let r = below4; r < rowBytes; r += 32) {
      finishFour(panel, i, v + here, tau, l, step, coefficients, ofColumn, x + r, u + r);
      if (r === below4) {
        clear(x + r, x + here + 8);
        clear(u + r, u + here + 8);
      }
      const next = r + 32 < rowBytes ? panel + panelBytes : panel;
      addAndMultiply(panel, next, i >> 1, pairs, u + r, y, v, x + r + 32);
      panel = next;
      l += PANEL;
    }
    const first = u + here + 8;
    const alpha = load<f64>(first);
    const sigma = reflect(first, squaredNorm(first + 8, rows - i - 2), below + here);
    // y holds the product with the column; u differs from the column in its first entry
    addRow(rowAt(a, panelBytes, i + 1), i >> 1, pairs, load<f64>(first) - alpha, y);
    project(u + below4, u + rowBytes, rowsLeft, step, coefficients);
    addCombination(y + start, y + columnBytes, columnsLeft, step, coefficients);
    oweRows(x + below4, u + below4, u + rowBytes, rowsLeft, step);
    const factor = sigma * dot(x + below4, u + below4, x + rowBytes);
    oweColumns(v + start, y + start, v + columnBytes, sigma, factor, columnsLeft, step);
    // column i and those before it in the panel are done
    for (let at: usize = 0; at <= (here & 31); at += 8)
      store<f64>(columnsLeft + ((<usize>step) << 6) + at, 0, 32);
  }
}

/** Returns the offset of row i. */
function rowAt(a: usize, panelBytes: usize, i: i32): usize {
  return a + <usize>(i >> 2) * panelBytes + ((<usize>(i & 3)) << 4);
}

/** Copies pairs of columns `from` to `to` of a row. */
function copyRow(row: usize, from: i32, to: i32, x: usize): void {
  row += <usize>from * PAIR;
  const end = x + ((<usize>to) << 4);
  for (x += (<usize>from) << 4; x < end; x += 16) {
    v128.store(x, v128.load(row));
    row += PAIR;
  }
}

/** y += factor times a row. */
function addRow(row: usize, from: i32, to: i32, factor: f64, y: usize): void {
  const by = f64x2.splat(factor);
  row += <usize>from * PAIR;
  const end = y + ((<usize>to) << 4);
  for (y += (<usize>from) << 4; y < end; y += 16) {
    v128.store(y, plusProduct(v128.load(y), v128.load(row), by));
    row += PAIR;
  }
}

/** Writes zeros from `x` up to `end`. */
function clear(x: usize, end: usize): void {
  for (; x < end; x += 8) store<f64>(x, 0);
}

/** The products of four rows with v. */
function multiply(panel: usize, from: i32, to: i32, v: usize, products: usize): void {
  let dot0 = f64x2.splat(0),
    dot1 = dot0,
    dot2 = dot0,
    dot3 = dot0;
  panel += <usize>from * PAIR;
  const end = v + ((<usize>to) << 4);
  for (v += (<usize>from) << 4; v < end; v += 16) {
    const vs = v128.load(v);
    dot0 = plusProduct(dot0, v128.load(panel), vs);
    dot1 = plusProduct(dot1, v128.load(panel, ROW), vs);
    dot2 = plusProduct(dot2, v128.load(panel, 2 * ROW), vs);
    dot3 = plusProduct(dot3, v128.load(panel, 3 * ROW), vs);
    panel += PAIR;
  }
  v128.store(products, sums(dot0, dot1));
  v128.store(products, sums(dot2, dot3), 16);
}

/** y += four rows, each times its entry of u; and the products of the next four with v. */
function addAndMultiply(
  panel: usize,
  next: usize,
  from: i32,
  to: i32,
  u: usize,
  y: usize,
  v: usize,
  products: usize,
): void {
  const u0 = v128.load64_splat(u),
    u1 = v128.load64_splat(u, 8),
    u2 = v128.load64_splat(u, 16),
    u3 = v128.load64_splat(u, 24);
  let dot0 = f64x2.splat(0),
    dot1 = dot0,
    dot2 = dot0,
    dot3 = dot0;
  panel += <usize>from * PAIR;
  next += <usize>from * PAIR;
  const end = y + ((<usize>to) << 4);
  v += (<usize>from) << 4;
  for (y += (<usize>from) << 4; y < end; y += 16) {
    let sum = plusProduct(v128.load(y), v128.load(panel), u0);
    sum = plusProduct(sum, v128.load(panel, ROW), u1);
    sum = plusProduct(sum, v128.load(panel, 2 * ROW), u2);
    v128.store(y, plusProduct(sum, v128.load(panel, 3 * ROW), u3));
    const vs = v128.load(v);
    dot0 = plusProduct(dot0, v128.load(next), vs);
    dot1 = plusProduct(dot1, v128.load(next, ROW), vs);
    dot2 = plusProduct(dot2, v128.load(next, 2 * ROW), vs);
    dot3 = plusProduct(dot3, v128.load(next, 3 * ROW), vs);
    v += 16;
    panel += PAIR;
    next += PAIR;
  }
  v128.store(products, sums(dot0, dot1));
  v128.store(products, sums(dot2, dot3), 16);
}

/** Computes four rows' entries of x from their products with v, then of u from column i less x. */
function finishFour(
  panel: usize,
  i: i32,
  v: usize,
  tau: f64,
  l: usize,
  pairs: i32,
  coefficients: usize,
  ofColumn: usize,
  x: usize,
  u: usize,
): void {
  panel += <usize>(i >> 1) * PAIR;
  const row0 = v128.load(panel),
    row1 = v128.load(panel, ROW),
    row2 = v128.load(panel, 2 * ROW),
    row3 = v128.load(panel, 3 * ROW);
  let low = v128.load(x),
    high = v128.load(x, 16);
  let first = (i & 1) === 0 ? lefts(row0, row1) : rights(row0, row1),
    second = (i & 1) === 0 ? lefts(row2, row3) : rights(row2, row3);
  const stop = coefficients + ((<usize>pairs) << 4);
  for (; coefficients < stop; coefficients += 8) {
    const a = v128.load(l),
      b = v128.load(l, 16);
    const c = v128.load64_splat(coefficients),
      d = v128.load64_splat(ofColumn);
    low = plusProduct(low, a, c);
    high = plusProduct(high, b, c);
    first = plusProduct(first, a, d);
    second = plusProduct(second, b, d);
    l += 32;
    ofColumn += 8;
  }
  const factor = f64x2.splat(tau),
    lead = v128.load64_splat(v);
  low = f64x2.mul(low, factor);
  high = f64x2.mul(high, factor);
  v128.store(x, low);
  v128.store(x, high, 16);
  v128.store(u, minusProduct(first, low, lead));
  v128.store(u, minusProduct(second, high, lead), 16);
}

/** Appends a pair of columns to L: -x and -u. */
function oweRows(x: usize, u: usize, end: usize, left: usize, pair: i32): void {
  left += (<usize>pair) << 6;
  for (; u < end; u += 32) {
    v128.store(left, f64x2.neg(v128.load(x)));
    v128.store(left, f64x2.neg(v128.load(x, 16)), 16);
    v128.store(left, f64x2.neg(v128.load(u)), 32);
    v128.store(left, f64x2.neg(v128.load(u, 16)), 48);
    if ((pair & 1) === 0) clearPair(left + 64);
    x += 32;
    left += PANEL;
  }
}

/** Appends a pair of columns to R: v and sigma y - factor v. */
function oweColumns(v: usize, y: usize, end: usize, sigma: f64, factor: f64, right: usize, pair: i32): void {
  const s = f64x2.splat(sigma),
    f = f64x2.splat(factor);
  right += (<usize>pair) << 6;
  for (; v < end; v += 32) {
    const low = v128.load(v),
      high = v128.load(v, 16);
    v128.store(right, low);
    v128.store(right, high, 16);
    v128.store(right, minusProduct(f64x2.mul(s, v128.load(y)), f, low), 32);
    v128.store(right, minusProduct(f64x2.mul(s, v128.load(y, 16)), f, high), 48);
    if ((pair & 1) === 0) clearPair(right + 64);
    y += 32;
    right += PANEL;
  }
}

/** A += L Rᵀ on the part not yet reduced. */
function payAll(left: usize, right: usize, done: i32, panels: i32, tiles: i32, a: usize): void {
  for (let i = done; i < panels; i++) {
    let q = right + <usize>done * PANEL,
      tile = a + <usize>(i * tiles + done) * TILE;
    for (let j = done; j < tiles; j++) {
      addTile(left + <usize>i * PANEL, q, DEPTH, tile);
      q += PANEL;
      tile += TILE;
    }
  }
}
