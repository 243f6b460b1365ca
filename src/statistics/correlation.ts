import { upperTail } from './normal.js';

/** A correlation with its 95% interval, and the p-value of no correlation. */
export interface Correlation {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
  readonly p: number;
  /** Pairs of values. */
  readonly n: number;
}

/** The 0.975 quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Returns Pearson's correlation of x and y given other variables. It is the correlation of their residuals after least
 * squares on the others. Without others it is the plain correlation. The interval is Fisher's: atanh(r) ± 1.96 / sqrt(n
 * - 3 - others). Undefined where x or y is constant, or explained by the others, or for fewer than 4 values more than
 * others.
 */
export function partialCorrelation(
  x: readonly number[],
  y: readonly number[],
  given: readonly (readonly number[])[] = [],
): Correlation | undefined {
  const n = x.length;
  const basis: Float64Array[] = [];
  for (const other of [Array<number>(n).fill(1), ...given]) {
    const left = residual(Float64Array.from(other), basis);
    if (left) basis.push(left);
  }
  const degreesOfFreedom = n - 2 - basis.length;
  const [u, v] = [residual(Float64Array.from(x), basis), residual(Float64Array.from(y), basis)];
  if (!u || !v || degreesOfFreedom < 1) return undefined;
  const value = Math.min(1, Math.max(-1, dot(u, v)));
  return { value, n, ...around(value, 1 / Math.sqrt(degreesOfFreedom)) };
}

/**
 * Returns Kendall's tau-b of x and y. The interval is that of Fieller, Hartley and Pearson (1957) for normal values:
 * atanh(tau) ± 1.96 sqrt(0.437 / (n - 4)). Ties widen it as much as they widen the distribution of tau for independent
 * x and y (Kendall 1970), on which the p-value rests. Undefined where x or y is constant, or for fewer than 5 values.
 */
export function kendall(x: readonly number[], y: readonly number[]): Correlation | undefined {
  const n = x.length;
  let [score, pairsX, pairsY] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [Math.sign(x[i]! - x[j]!), Math.sign(y[i]! - y[j]!)];
      score += a * b;
      pairsX += a * a;
      pairsY += b * b;
    }
  }
  if (pairsX === 0 || pairsY === 0 || n < 5) return undefined;
  const value = score / Math.sqrt(pairsX * pairsY);
  // of tau where x and y are independent, with these ties and without any
  const deviation = Math.sqrt(varianceOfScore(x, y) / (pairsX * pairsY));
  const withoutTies = Math.sqrt((2 * (2 * n + 5)) / (9 * n * (n - 1)));
  const { interval } = around(value, (Math.sqrt(0.437 / (n - 4)) * deviation) / withoutTies);
  return { value, n, interval, p: Math.min(1, 2 * upperTail(Math.abs(value) / deviation)) };
}

/** Returns the variance of concordant less discordant pairs of independent x and y, given their ties. */
function varianceOfScore(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  const [t, u] = [tiesOf(x), tiesOf(y)];
  const sum = (ties: readonly number[], term: (size: number) => number) =>
    ties.reduce((total, size) => total + term(size), 0);
  const pairs = (size: number) => size * (size - 1);
  const triples = (size: number) => pairs(size) * (size - 2);
  const whole = (size: number) => pairs(size) * (2 * size + 5);
  return (
    (whole(n) - sum(t, whole) - sum(u, whole)) / 18 +
    (sum(t, pairs) * sum(u, pairs)) / (2 * pairs(n)) +
    (sum(t, triples) * sum(u, triples)) / (9 * triples(n))
  );
}

/** Returns how often each value occurs. */
function tiesOf(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}

/** Returns Kendall's tau of two normal variables whose correlation is r: 2 / pi asin(r). */
export function tauOfCorrelation(r: number): number {
  return (2 / Math.PI) * Math.asin(Math.min(1, Math.max(-1, r)));
}

function around(value: number, deviation: number): Pick<Correlation, 'interval' | 'p'> {
  const z = Math.atanh(Math.min(1 - 1e-12, Math.max(-1 + 1e-12, value)));
  return {
    interval: [Math.tanh(z - Z * deviation), Math.tanh(z + Z * deviation)],
    p: Math.min(1, 2 * upperTail(Math.abs(z) / deviation)),
  };
}

/** Returns the part of a vector outside an orthonormal basis, scaled to length 1; undefined if it is only rounding. */
function residual(vector: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const before = Math.sqrt(dot(vector, vector));
  // twice, so that rounding leaves nothing of the basis in it
  for (const axis of [...basis, ...basis]) {
    const share = dot(vector, axis);
    for (let i = 0; i < vector.length; i++) vector[i]! -= share * axis[i]!;
  }
  const length = Math.sqrt(dot(vector, vector));
  return length > 1e-10 * before ? vector.map((value) => value / length) : undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
