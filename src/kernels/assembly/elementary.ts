import { plusProductF32 } from './multiply-add';

/**
 * Elementary functions of four float32, written with exp(-|x|) or exp(-|x|) - 1. They neither overflow nor cancel for
 * any finite x. The kernels of the activations (`src/activations`) are built from them.
 */

export function clippedAt6(x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(0)), f32x4.splat(6));
}

export function hardSigmoid(x: v128): v128 {
  return f32x4.div(clippedAt6(f32x4.add(x, f32x4.splat(3))), f32x4.splat(6));
}

/** 1 / (1 + u), or u / (1 + u) below zero. */
// @inline
export function sigmoid(x: v128): v128 {
  const u = expNegative(x),
    one = f32x4.splat(1);
  return f32x4.div(v128.bitselect(one, u, f32x4.ge(x, f32x4.splat(0))), f32x4.add(one, u));
}

/**
 * Returns tanh(log(1 + w)) = (w² + 2 w) / (w² + 2 w + 2) with w = exp(x). For positive x numerator and denominator are
 * divided by w².
 */
// @inline
export function tanhSoftplus(x: v128): v128 {
  const u = expNegative(x),
    one = f32x4.splat(1),
    two = f32x4.splat(2);
  const positive = f32x4.ge(x, f32x4.splat(0));
  const square = f32x4.mul(u, u);
  const above = v128.bitselect(plusProductF32(one, two, u), plusProductF32(square, two, u), positive);
  const rest = f32x4.mul(two, v128.bitselect(square, one, positive));
  return f32x4.div(above, f32x4.add(above, rest));
}

/** With e = exp(-2|x|) - 1: -e / (e + 2), and the sign of x. */
// @inline
export function tanh(x: v128): v128 {
  const e = expMinus1(f32x4.neg(f32x4.abs(f32x4.add(x, x))));
  const size = f32x4.div(f32x4.neg(e), f32x4.add(e, f32x4.splat(2)));
  return v128.bitselect(x, size, f32x4.splat(-0));
}

/**
 * Returns log(1 + u) = 2 atanh(u / (2 + u)) for 0 <= u <= 1. The truncation error of the series is below 2^-26,
 * relative.
 */
// @inline
export function log1Plus(u: v128): v128 {
  const z = f32x4.div(u, f32x4.add(u, f32x4.splat(2)));
  const square = f32x4.mul(z, z);
  let sum = v128.load32_splat(ATANH);
  sum = plusProductF32(v128.load32_splat(ATANH, 4), sum, square);
  sum = plusProductF32(v128.load32_splat(ATANH, 8), sum, square);
  sum = plusProductF32(v128.load32_splat(ATANH, 12), sum, square);
  sum = plusProductF32(v128.load32_splat(ATANH, 16), sum, square);
  sum = plusProductF32(v128.load32_splat(ATANH, 20), sum, square);
  return f32x4.mul(z, plusProductF32(v128.load32_splat(ATANH, 24), sum, square));
}

/**
 * 2 / (2 k + 1), the last coefficient first. Coefficients are kept in memory because a load is faster than a literal.
 */
const ATANH = memory.data<f32>([2.0 / 13.0, 2.0 / 11.0, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0, 2.0]);

/** P(Z < x) for a standard normal Z; `e` is exp(-x² / 2). Abramowitz and Stegun 7.1.26: within 8e-8. */
// @inline
export function normalBelow(x: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, plusProductF32(one, f32x4.abs(x), v128.load32_splat(NORMAL)));
  let sum = v128.load32_splat(NORMAL, 4);
  sum = plusProductF32(v128.load32_splat(NORMAL, 8), sum, t);
  sum = plusProductF32(v128.load32_splat(NORMAL, 12), sum, t);
  sum = plusProductF32(v128.load32_splat(NORMAL, 16), sum, t);
  sum = plusProductF32(v128.load32_splat(NORMAL, 20), sum, t);
  const tail = f32x4.mul(f32x4.mul(sum, t), e);
  return v128.bitselect(f32x4.sub(one, tail), tail, f32x4.ge(x, f32x4.splat(0)));
}

/** p / sqrt(2) and half of a5 to a1 of that formula. */
const NORMAL = memory.data<f32>([
  0.231641888, 0.5307027145, -0.7265760135, 0.7107068705, -0.142248368, 0.127414796,
]);

/** exp(-|x|); 0 from exp(-87) on, a little above the least normal number. */
// @inline
export function expNegative(x: v128): v128 {
  const a = f32x4.neg(f32x4.abs(x));
  const bounded = f32x4.pmax(a, f32x4.splat(LEAST));
  const k = wholeOf(bounded);
  const power = powerOf(k);
  const e = plusProductF32(power, power, expMinus1Near0(remainderOf(bounded, k)));
  return v128.andnot(e, f32x4.lt(a, bounded));
}

/** Returns exp(x) - 1 for x <= 0, accurate near 0 too: 2^k (exp(r) - 1) + (2^k - 1). */
// @inline
export function expMinus1(x: v128): v128 {
  const bounded = f32x4.pmax(x, f32x4.splat(LEAST));
  const k = wholeOf(bounded);
  const power = powerOf(k);
  const p = expMinus1Near0(remainderOf(bounded, k));
  return plusProductF32(f32x4.sub(power, f32x4.splat(1)), power, p);
}

/** A little above the logarithm of the least normal number. */
const LEAST: f32 = -87;
const LOG2_E: f32 = 1.4426950408889634;
/** ln 2 in two parts; the product of the first with a whole number up to 2^11 is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
/** 3 · 2^22: adding it rounds a small number to a whole one, held in the last bits. */
const ROUNDING: f32 = 12582912;

/** k in x = k ln 2 + r, plus ROUNDING. */
// @inline
function wholeOf(x: v128): v128 {
  return plusProductF32(f32x4.splat(ROUNDING), x, f32x4.splat(LOG2_E));
}

/** 2^k. */
// @inline
function powerOf(k: v128): v128 {
  return i32x4.add(i32x4.shl(k, 23), i32x4.splat(127 << 23));
}

/** r, at most a little more than ln 2 / 2 in size. */
// @inline
function remainderOf(x: v128, k: v128): v128 {
  const minus = f32x4.sub(f32x4.splat(ROUNDING), k);
  return plusProductF32(plusProductF32(x, minus, f32x4.splat(LN2_HIGH)), minus, f32x4.splat(LN2_LOW));
}

/** Returns exp(r) - 1 by its Taylor series, with a relative truncation error below 2^-25. */
// @inline
function expMinus1Near0(r: v128): v128 {
  let sum = v128.load32_splat(TAYLOR);
  sum = plusProductF32(v128.load32_splat(TAYLOR, 4), sum, r);
  sum = plusProductF32(v128.load32_splat(TAYLOR, 8), sum, r);
  sum = plusProductF32(v128.load32_splat(TAYLOR, 12), sum, r);
  sum = plusProductF32(v128.load32_splat(TAYLOR, 16), sum, r);
  sum = plusProductF32(v128.load32_splat(TAYLOR, 20), sum, r);
  return plusProductF32(r, f32x4.mul(r, r), sum);
}

/** 1 / k!, the last coefficient first. */
const TAYLOR = memory.data<f32>([1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 1.0 / 2.0]);
