/**
 * Products that are added to a sum. The module is compiled twice from the same source. With relaxed SIMD, product and
 * sum are one operation if the processor has it: faster, and rounded once instead of twice. Every error bound holds for
 * both.
 */

/** sum + a b, two doubles at once. */
export function plusProduct(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, sum) : f64x2.add(sum, f64x2.mul(a, b));
}

/** sum + a b, four floats at once. */
export function plusProductF32(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/** sum - a b, two doubles at once. */
export function minusProduct(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_nmadd(a, b, sum) : f64x2.sub(sum, f64x2.mul(a, b));
}
