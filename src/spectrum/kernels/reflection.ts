/** A squared norm below this is taken for zero: its square root is 1e-140 beside a matrix scaled to about 1. */
const NEGLIGIBLE: f64 = 1e-280;

/** Σ x[k]², k < count. */
export function squaredNorm(x: usize, count: i32): f64 {
  let sum0: f64 = 0,
    sum1: f64 = 0,
    sum2: f64 = 0,
    sum3: f64 = 0;
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const at = x + ((<usize>k) << 3);
    const t0 = load<f64>(at),
      t1 = load<f64>(at, 8),
      t2 = load<f64>(at, 16),
      t3 = load<f64>(at, 24);
    sum0 += t0 * t0;
    sum1 += t1 * t1;
    sum2 += t2 * t2;
    sum3 += t3 * t3;
  }
  for (; k < count; k++) {
    const t = load<f64>(x + ((<usize>k) << 3));
    sum0 += t * t;
  }
  return sum0 + sum1 + (sum2 + sum3);
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
