/**
 * Returns the natural logarithm of P(low < Z < high) for a standard normal Z. Its relative error is small even when the
 * probability is nearly 1, so the probability can be raised to a power of thousands. Requires low < high; either may be
 * infinite.
 */
export function logNormalBetween(low: number, high: number): number {
  // P = 1 - both tails if the interval contains 0; else a difference of two tails on one side, without cancellation
  if (low <= 0 && high >= 0) return Math.log1p(-upperTail(-low) - upperTail(high));
  const [near, far] = low > 0 ? [low, high] : [-high, -low];
  return Math.log(upperTail(near) - upperTail(far));
}

/**
 * Returns P(Z > x) for a standard normal Z. Uses the series of the error function near 0 and the continued fraction of
 * erfc elsewhere (DLMF 7.6.1, 7.9.1).
 */
export function upperTail(x: number): number {
  if (x < 0) return 1 - upperTail(-x);
  if (x === Infinity) return 0;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / fraction;
  return density / fraction;
}
