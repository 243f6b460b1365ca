import { minusProduct, plusProduct } from '../../multiply-add';
import { sums } from '../pairs';

/**
 * Reflections of whole vectors. Vectors lie one after the other, `stride` bytes apart, and have `bytes` bytes, a
 * multiple of 32. Scalar products are summed in pieces of `PIECE` entries: that keeps the longest chain of additions,
 * and so the error bound, short.
 */
const PIECE: usize = 128 << 3;

/** x · y */
export function dotProduct(x: usize, y: usize, bytes: usize): f64 {
  let total = f64x2.splat(0);
  const stop = x + bytes;
  while (x < stop) {
    const end = min(x + PIECE, stop);
    let low = f64x2.splat(0),
      high = low;
    for (; x < end; x += 32) {
      low = plusProduct(low, v128.load(x), v128.load(y));
      high = plusProduct(high, v128.load(x, 16), v128.load(y, 16));
      y += 32;
    }
    total = f64x2.add(total, f64x2.add(low, high));
  }
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** Applies I - tau v vᵀ to the first `count` vectors, a multiple of four. `products` holds four doubles. */
export function reflectVectors(
  v: usize,
  bytes: usize,
  tau: f64,
  vectors: usize,
  stride: usize,
  count: i32,
  products: usize,
): void {
  if (tau === 0) return;
  const by = f64x2.splat(tau);
  for (; count > 0; count -= 4) {
    const second = vectors + stride,
      third = second + stride,
      fourth = third + stride;
    multiplyFour(v, bytes, vectors, second, third, fourth, products);
    v128.store(products, f64x2.mul(by, v128.load(products)));
    v128.store(products, f64x2.mul(by, v128.load(products, 16)), 16);
    subtractFour(v, bytes, vectors, second, third, fourth, products);
    vectors = fourth + stride;
  }
}

/** The products of four vectors with v. */
function multiplyFour(v: usize, bytes: usize, a: usize, b: usize, c: usize, d: usize, products: usize): void {
  const zero = f64x2.splat(0);
  let first = zero,
    second = zero,
    third = zero,
    fourth = zero;
  const stop = v + bytes;
  while (v < stop) {
    const end = min(v + PIECE, stop);
    let a0 = zero,
      a1 = zero,
      b0 = zero,
      b1 = zero,
      c0 = zero,
      c1 = zero,
      d0 = zero,
      d1 = zero;
    for (; v < end; v += 32) {
      const low = v128.load(v),
        high = v128.load(v, 16);
      a0 = plusProduct(a0, low, v128.load(a));
      a1 = plusProduct(a1, high, v128.load(a, 16));
      b0 = plusProduct(b0, low, v128.load(b));
      b1 = plusProduct(b1, high, v128.load(b, 16));
      c0 = plusProduct(c0, low, v128.load(c));
      c1 = plusProduct(c1, high, v128.load(c, 16));
      d0 = plusProduct(d0, low, v128.load(d));
      d1 = plusProduct(d1, high, v128.load(d, 16));
      a += 32;
      b += 32;
      c += 32;
      d += 32;
    }
    first = f64x2.add(first, f64x2.add(a0, a1));
    second = f64x2.add(second, f64x2.add(b0, b1));
    third = f64x2.add(third, f64x2.add(c0, c1));
    fourth = f64x2.add(fourth, f64x2.add(d0, d1));
  }
  v128.store(products, sums(first, second));
  v128.store(products, sums(third, fourth), 16);
}

/** Subtracts the multiples `products` of v from four vectors. */
function subtractFour(v: usize, bytes: usize, a: usize, b: usize, c: usize, d: usize, products: usize): void {
  const pa = v128.load64_splat(products),
    pb = v128.load64_splat(products, 8),
    pc = v128.load64_splat(products, 16),
    pd = v128.load64_splat(products, 24);
  for (const stop = v + bytes; v < stop; v += 16) {
    const x = v128.load(v);
    v128.store(a, minusProduct(v128.load(a), pa, x));
    v128.store(b, minusProduct(v128.load(b), pb, x));
    v128.store(c, minusProduct(v128.load(c), pc, x));
    v128.store(d, minusProduct(v128.load(d), pd, x));
    a += 16;
    b += 16;
    c += 16;
    d += 16;
  }
}
