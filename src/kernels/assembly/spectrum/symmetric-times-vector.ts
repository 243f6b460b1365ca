import { plusProduct } from '../multiply-add';
import { lefts, rights, sums } from './pairs';
import { PAIR, ROW, TILE } from './tiles';

/**
 * y = S x for the first `panels` panels of a symmetric matrix in tiles. Every tile is read once: it contributes to its
 * rows and, transposed, to its columns. x and y hold four doubles per panel.
 */
export function symmetricTimesVector(s: usize, panels: i32, x: usize, y: usize): void {
  for (let i = 0; i < panels; i++) {
    addPanel(s, x, x + ((<usize>i) << 5), y);
    s += <usize>(i + 1) * TILE;
  }
}

/** One panel, whose own entries of x begin at `own`. */
function addPanel(p: usize, x: usize, own: usize, y: usize): void {
  const x0 = v128.load64_splat(own),
    x1 = v128.load64_splat(own, 8),
    x2 = v128.load64_splat(own, 16),
    x3 = v128.load64_splat(own, 24);
  let dot0 = f64x2.splat(0),
    dot1 = dot0,
    dot2 = dot0,
    dot3 = dot0;
  while (x < own) {
    const xs = v128.load(x);
    let sum = v128.load(y);
    let a = v128.load(p);
    dot0 = plusProduct(dot0, a, xs);
    sum = plusProduct(sum, a, x0);
    a = v128.load(p, ROW);
    dot1 = plusProduct(dot1, a, xs);
    sum = plusProduct(sum, a, x1);
    a = v128.load(p, 2 * ROW);
    dot2 = plusProduct(dot2, a, xs);
    sum = plusProduct(sum, a, x2);
    a = v128.load(p, 3 * ROW);
    dot3 = plusProduct(dot3, a, xs);
    v128.store(y, plusProduct(sum, a, x3));
    x += 16;
    y += 16;
    p += PAIR;
  }
  // the tile on the diagonal: only its lower triangle counts
  const row1 = v128.load(p, ROW),
    row2 = v128.load(p, 2 * ROW),
    row3 = v128.load(p, 3 * ROW);
  const end2 = v128.load(p, PAIR + 2 * ROW),
    end3 = v128.load(p, PAIR + 3 * ROW);
  let low = sums(dot0, dot1),
    high = sums(dot2, dot3);
  low = plusProduct(low, lefts(v128.load(p), row1), x0);
  low = plusProduct(low, row1, x1);
  low = plusProduct(low, row2, x2);
  low = plusProduct(low, row3, x3);
  high = plusProduct(high, lefts(row2, row3), x0);
  high = plusProduct(high, rights(row2, row3), x1);
  high = plusProduct(high, lefts(end2, end3), x2);
  high = plusProduct(high, end3, x3);
  v128.store(y, low);
  v128.store(y, high, 16);
}
