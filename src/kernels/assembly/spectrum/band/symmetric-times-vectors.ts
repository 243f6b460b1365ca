import { plusProduct } from '../../multiply-add';
import { lefts, rights, sums as pairSums } from '../pairs';
import { multiplySix } from '../symmetric-product';
import { PAIR, panelAt, ROW, TILE } from '../tiles';

/** Panels of rows that are multiplied together: a multiple of three. */
export const ROWS: i32 = 18;
/** Tiles of a panel that are multiplied together: 64 times four columns of 72 rows are 144 KiB. */
const COLUMNS: i32 = 64;
/** Bytes of four rows of six vectors. */
const SIXES: usize = 192;
/** Bytes of `work`: a square of tiles, sums, and the vectors' entries of some panels. */
export const PRODUCT_BYTES: usize = <usize>(ROWS * ROWS) * TILE + SIXES + <usize>ROWS * 4 * SIXES;

/**
 * Computes Y = S X for a symmetric matrix in tiles and 24 vectors. Only the first `panels` panels of S take part, a
 * multiple of three. X and Y lie vector by vector, `stride` bytes apart.
 *
 * A block of S is read from memory once and multiplied twice: its rows with X, and its columns, as S is symmetric. Both
 * products have twelve sums, as many as registers hold.
 */
export function symmetricTimesVectors(
  s: usize,
  panels: i32,
  x: usize,
  y: usize,
  stride: usize,
  work: usize,
): void {
  const sums = work + <usize>(ROWS * ROWS) * TILE,
    sixes = sums + SIXES;
  for (let k = 0; k < 24; k++) memory.fill(y + <usize>k * stride, 0, (<usize>panels) << 5);
  for (let first = 0; first < panels; first += ROWS) {
    const end = min(first + ROWS, panels);
    takeSixes(x + ((<usize>first) << 5), stride, end - first, sixes);
    for (let from = 0; from < first; from += COLUMNS) {
      const to = min(from + COLUMNS, first);
      const at: usize = (<usize>from) << 5;
      const pairs = (to - from) << 1;
      for (let i = first; i < end; i += 3) {
        const top = panelAt(s, i) + <usize>from * TILE,
          middle = panelAt(s, i + 1) + <usize>from * TILE,
          bottom = panelAt(s, i + 2) + <usize>from * TILE;
        addRows(top, middle, bottom, pairs, x + at, y + ((<usize>i) << 5), stride, sums);
      }
      addColumns(s, first, end, from, to, sixes, work, y, stride, sums);
    }
    const count = end - first;
    const rowBytes = <usize>count * TILE;
    copySquare(s, first, count, work);
    for (let i = 0; i < count; i += 3) {
      const top = work + <usize>i * rowBytes;
      const at: usize = (<usize>first) << 5;
      const to = y + at + ((<usize>i) << 5);
      addRows(top, top + rowBytes, top + 2 * rowBytes, count << 1, x + at, to, stride, sums);
    }
  }
}

/** The entries of some panels' rows of the vectors: six vectors row by row, then the next six. */
function takeSixes(x: usize, stride: usize, panels: i32, target: usize): void {
  for (let six = 0; six < 4; six++) {
    for (let row = 0; row < panels << 2; row++) {
      let from = x + ((<usize>row) << 3);
      for (let k = 0; k < 6; k++) {
        store<f64>(target, load<f64>(from));
        from += stride;
        target += 8;
      }
    }
    x += 6 * stride;
  }
}

/** The square of tiles on the diagonal, as a whole: panels of `count` tiles. */
function copySquare(s: usize, first: i32, count: i32, target: usize): void {
  const rowBytes = <usize>count * TILE;
  for (let i = 0; i < count; i++) {
    const row = panelAt(s, first + i) + <usize>first * TILE;
    memory.copy(target + <usize>i * rowBytes, row, <usize>i * TILE);
    for (let j = 0; j <= i; j++) {
      const from = row + <usize>j * TILE;
      if (i === j) mirrorTile(from, target + <usize>i * rowBytes + <usize>i * TILE);
      else turnTile(from, target + <usize>j * rowBytes + <usize>i * TILE);
    }
  }
}

function turnTile(from: usize, to: usize): void {
  turnPairs(v128.load(from), v128.load(from, ROW), to, 0);
  turnPairs(v128.load(from, PAIR), v128.load(from, PAIR + ROW), to, 2 * ROW);
  turnPairs(v128.load(from, 2 * ROW), v128.load(from, 3 * ROW), to, PAIR);
  turnPairs(v128.load(from, PAIR + 2 * ROW), v128.load(from, PAIR + 3 * ROW), to, PAIR + 2 * ROW);
}

function turnPairs(a: v128, b: v128, to: usize, offset: usize): void {
  v128.store(to + offset, lefts(a, b));
  v128.store(to + offset + ROW, rights(a, b));
}

/** Of a tile on the diagonal only the lower triangle counts. */
function mirrorTile(from: usize, to: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    for (let j: usize = 0; j <= i; j++) {
      const value = load<f64>(from + (j >> 1) * PAIR + i * ROW + ((j & 1) << 3));
      store<f64>(to + (j >> 1) * PAIR + i * ROW + ((j & 1) << 3), value);
      store<f64>(to + (i >> 1) * PAIR + j * ROW + ((i & 1) << 3), value);
    }
  }
}

/** Three panels' rows times the 24 vectors, over `pairs` pairs of columns. */
function addRows(
  top: usize,
  middle: usize,
  bottom: usize,
  pairs: i32,
  x: usize,
  y: usize,
  stride: usize,
  sums: usize,
): void {
  for (let k = 0; k < 24; k += 2) {
    const other = x + stride;
    multiplyRows(top, middle, x, other, pairs, sums);
    addRowSums(sums, y, y + 16, y + 32);
    addRowSums(sums + 16, y + stride, y + stride + 16, y + stride + 32);
    multiplyRows(bottom, middle + 2 * ROW, x, other, pairs, sums);
    addRowSums(sums, y + 64, y + 80, y + 48);
    addRowSums(sums + 16, y + stride + 64, y + stride + 80, y + stride + 48);
    x = other + stride;
    y += 2 * stride;
  }
}

/** Four rows at `p` and two at `q` times two vectors. Stores the sums of both lanes; see `multiplySix` for the form. */
export function multiplyRows(p: usize, q: usize, x: usize, other: usize, pairs: i32, sums: usize): void {
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
  const end = x + ((<usize>pairs) << 4);
  while (x < end) {
    const b0 = v128.load(x),
      b1 = v128.load(other);
    let a = v128.load(p);
    c00 = plusProduct(c00, a, b0);
    c01 = plusProduct(c01, a, b1);
    a = v128.load(p, ROW);
    c10 = plusProduct(c10, a, b0);
    c11 = plusProduct(c11, a, b1);
    a = v128.load(p, 2 * ROW);
    c20 = plusProduct(c20, a, b0);
    c21 = plusProduct(c21, a, b1);
    a = v128.load(p, 3 * ROW);
    c30 = plusProduct(c30, a, b0);
    c31 = plusProduct(c31, a, b1);
    a = v128.load(q);
    c40 = plusProduct(c40, a, b0);
    c41 = plusProduct(c41, a, b1);
    a = v128.load(q, ROW);
    c50 = plusProduct(c50, a, b0);
    c51 = plusProduct(c51, a, b1);
    x += 16;
    other += 16;
    p += PAIR;
    q += PAIR;
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

/** Adds the sums of six rows to three pairs of entries. */
function addRowSums(sums: usize, first: usize, second: usize, third: usize): void {
  v128.store(first, f64x2.add(v128.load(first), pairSums(v128.load(sums), v128.load(sums, 32))));
  v128.store(second, f64x2.add(v128.load(second), pairSums(v128.load(sums, 64), v128.load(sums, 96))));
  v128.store(third, f64x2.add(v128.load(third), pairSums(v128.load(sums, 128), v128.load(sums, 160))));
}

/** The columns of tiles `from` to `to` of some panels, as rows, times the 24 vectors. */
function addColumns(
  s: usize,
  first: i32,
  end: i32,
  from: i32,
  to: i32,
  sixes: usize,
  column: usize,
  y: usize,
  stride: usize,
  sums: usize,
): void {
  const count = end - first;
  for (let j = from; j < to; j++) {
    takeColumn(panelAt(s, first) + <usize>j * TILE, <usize>(first + 1) * TILE, count, column);
    let at = y + ((<usize>j) << 5),
      six = sixes;
    for (let k = 0; k < 4; k++) {
      multiplySix(six, column, count << 2, sums);
      for (let part: usize = 0; part < SIXES; part += 32) {
        v128.store(at, f64x2.add(v128.load(at), v128.load(sums + part)));
        v128.store(at, f64x2.add(v128.load(at, 16), v128.load(sums + part, 16)), 16);
        at += stride;
      }
      six += <usize>count * SIXES;
    }
  }
}

/** A column of tiles below each other, row by row. */
function takeColumn(tile: usize, step: usize, count: i32, target: usize): void {
  for (; count > 0; count--) {
    for (const next = tile + PAIR; tile < next; tile += ROW) {
      v128.store(target, v128.load(tile));
      v128.store(target, v128.load(tile, PAIR), 16);
      target += 32;
    }
    tile += step - PAIR;
    step += TILE;
  }
}
