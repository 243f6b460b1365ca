import { plusProduct } from '../multiply-add';

/** Squared norms below this are treated as zero: the norm is 1e-70, in a matrix scaled to about 1. */
const NEGLIGIBLE: f64 = 1e-140;

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
 * Makes the reflection I - tau v vᵀ that sends x to beta times a unit vector, and returns tau. The vector v is x with
 * the entry alpha at `pivot` replaced by alpha - beta. `sum` is the squared norm of the other entries. Stores beta. tau
 * is 0 if the other entries are zero.
 */
export function reflect(pivot: usize, sum: f64, beta: usize): f64 {
  const alpha = load<f64>(pivot);
  if (sum < NEGLIGIBLE) {
    store<f64>(beta, alpha);
    return 0;
  }
  const length = Math.sqrt(alpha * alpha + sum);
  const end = alpha > 0 ? -length : length;
  store<f64>(beta, end);
  store<f64>(pivot, alpha - end);
  return 1 / (end * (end - alpha));
}
