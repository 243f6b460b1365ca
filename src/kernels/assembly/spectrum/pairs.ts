/** The first of a's two doubles and the first of b's. */
export function lefts(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

/** The second of a's two doubles and the second of b's. */
export function rights(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

/** The sum of a's two doubles and the sum of b's. */
export function sums(a: v128, b: v128): v128 {
  return f64x2.add(lefts(a, b), rights(a, b));
}
