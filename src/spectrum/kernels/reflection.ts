import { plusProduct } from './multiply-add';

/** A squared norm below this is taken for zero: its square root is 1e-140 beside a matrix scaled to about 1. */
export const NEGLIGIBLE: f64 = 1e-280;

/** Σ x[k]², k < count, in eight sums. */
export function squaredNorm(x: usize, count: i32): f64 {
  let sum0 = f64x2.splat(0),
    sum1 = sum0,
    sum2 = sum0,
    sum3 = sum0;
  let k = 0;
  for (; k + 8 <= count; k += 8) {
    let t = v128.load(x);
    sum0 = plusProduct(sum0, t, t);
    t = v128.load(x, 16);
    sum1 = plusProduct(sum1, t, t);
    t = v128.load(x, 32);
    sum2 = plusProduct(sum2, t, t);
    t = v128.load(x, 48);
    sum3 = plusProduct(sum3, t, t);
    x += 64;
  }
  const all = f64x2.add(f64x2.add(sum0, sum1), f64x2.add(sum2, sum3));
  let sum = f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1);
  for (; k < count; k++) {
    const t = load<f64>(x);
    sum += t * t;
    x += 8;
  }
  return sum;
}

/**
 * Of the reflection I - tau v vᵀ that sends (alpha, rest) to (beta, 0), with v = (1, rest * factor): stores
 * beta, tau and factor at `result`. `sum` is the squared norm of rest; where there is nothing to remove tau and
 * factor are 0 and beta is alpha.
 */
export function reflection(alpha: f64, sum: f64, result: usize): void {
  if (sum < NEGLIGIBLE) {
    store<f64>(result, alpha);
    store<f64>(result, 0, 8);
    store<f64>(result, 0, 16);
    return;
  }
  const length = Math.sqrt(alpha * alpha + sum);
  const beta = alpha > 0 ? -length : length;
  store<f64>(result, beta);
  store<f64>(result, (beta - alpha) / beta, 8);
  store<f64>(result, 1 / (alpha - beta), 16);
}
