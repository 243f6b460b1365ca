import { plusProduct } from './multiply-add';

/**
 * y = S x for a symmetric matrix, row-major with `stride` doubles a row, whose lower triangle is read once; n is a
 * multiple of four. Four rows at a time: their columns left of the diagonal two by two, then the block on it.
 */
export function symmetricTimesVector(s: usize, stride: i32, n: i32, x: usize, y: usize): void {
  const rowBytes: usize = (<usize>stride) << 3;
  memory.fill(y, 0, (<usize>n) << 3);
  for (let r = 0; r < n; r += 4) {
    const own: usize = (<usize>r) << 3;
    addFourRows(s, rowBytes, own, x, y);
    addBlock(s + own, rowBytes, x + own, y + own);
    s += rowBytes << 2;
  }
}

/** What lies left of the 4 x 4 block on the diagonal, which begins at byte `own` of every row. */
function addFourRows(row: usize, rowBytes: usize, own: usize, x: usize, y: usize): void {
  const x0 = v128.load64_splat(x + own),
    x1 = v128.load64_splat(x + own, 8),
    x2 = v128.load64_splat(x + own, 16),
    x3 = v128.load64_splat(x + own, 24);
  let dot0 = f64x2.splat(0),
    dot1 = dot0,
    dot2 = dot0,
    dot3 = dot0;
  let p = row,
    q = row + (rowBytes << 1);
  const target = y + own;
  const end = x + own;
  while (x < end) {
    const xs = v128.load(x);
    let sum = v128.load(y);
    let a = v128.load(p);
    dot0 = plusProduct(dot0, a, xs);
    sum = plusProduct(sum, a, x0);
    a = v128.load(p + rowBytes);
    dot1 = plusProduct(dot1, a, xs);
    sum = plusProduct(sum, a, x1);
    a = v128.load(q);
    dot2 = plusProduct(dot2, a, xs);
    sum = plusProduct(sum, a, x2);
    a = v128.load(q + rowBytes);
    dot3 = plusProduct(dot3, a, xs);
    v128.store(y, plusProduct(sum, a, x3));
    x += 16;
    y += 16;
    p += 16;
    q += 16;
  }
  addPair(target, dot0, dot1);
  addPair(target + 16, dot2, dot3);
}

/** Adds the sums of both halves of two accumulators. */
function addPair(y: usize, a: v128, b: v128): void {
  const sums = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
  v128.store(y, f64x2.add(v128.load(y), sums));
}

/** The block on the diagonal. */
function addBlock(s: usize, rowBytes: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < 32; i += 8) {
    const xi = load<f64>(x + i);
    let sum = load<f64>(y + i);
    for (let j: usize = 0; j < i; j += 8) {
      const a = load<f64>(s + j);
      sum += a * load<f64>(x + j);
      store<f64>(y + j, load<f64>(y + j) + a * xi);
    }
    store<f64>(y + i, sum + load<f64>(s + i) * xi);
    s += rowBytes;
  }
}
