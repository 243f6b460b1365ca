/**
 * Returns the natural logarithm of P(low < Z < high) for a standard normal Z, with small relative error also where
 * the probability is nearly 1, so that its power to thousands keeps its digits. low < high; either may be infinite.
 */
export function logNormalBetween(low: number, high: number): number {
  // P = 1 - both tails where that is large; else a difference of tails on one side of 0, where nothing cancels
  if (low <= 0 && high >= 0) return Math.log1p(-upperTail(-low) - upperTail(high));
  const [near, far] = low > 0 ? [low, high] : [-high, -low];
  return Math.log(upperTail(near) - upperTail(far));
}

/** P(Z > x): by the series of the error function near 0, by the continued fraction of erfc beyond (DLMF 7.6.1, 7.9.1). */
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
