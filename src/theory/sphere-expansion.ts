import type { Quadrature } from './harmonics.js';

/** A function of one coordinate on a sphere: mean squares of its degrees and of all, and two central moments. */
export interface SphereExpansion {
  readonly squares: readonly number[];
  readonly energy: number;
  readonly variance: number;
  readonly fourth: number;
}

/** Returns the expansion of f(length t) in the polynomials, which have these numbers of harmonics. */
export function expandOnSphere(
  f: (x: number) => number,
  { nodes, weights }: Quadrature,
  polynomials: readonly Float64Array[],
  counts: Float64Array,
  length: number,
): SphereExpansion {
  const values = nodes.map((t) => f(length * t));
  const weighted = values.map((x, k) => x * weights[k]!);
  const mean = weighted.reduce((sum, x) => sum + x, 0);
  const energy = dot(values, weighted);
  return {
    squares: polynomials.map((polynomial, l) => counts[l]! * dot(polynomial, weighted) ** 2),
    energy,
    variance: energy - mean ** 2,
    fourth: values.reduce((sum, x, k) => sum + weights[k]! * (x - mean) ** 4, 0),
  };
}

/** Three points of the standard normal law, for the logarithm of a column's squared length. */
export const FACTORS = [
  { at: -Math.sqrt(3), weight: 1 / 6 },
  { at: 0, weight: 2 / 3 },
  { at: Math.sqrt(3), weight: 1 / 6 },
] as const;

/** Returns three factors of mean 1 and the relative variance given. */
export function lengthFactors(variance: number): number[] {
  const raw = FACTORS.map(({ at }) => Math.exp(at * Math.sqrt(Math.log(1 + variance))));
  const mean = raw.reduce((sum, x, c) => sum + x * FACTORS[c]!.weight, 0);
  return raw.map((x) => x / mean);
}

/** Returns every length with every factor, the factors of one length side by side. */
export function columnTypes({ nodes, weights }: Quadrature): Quadrature {
  const each = (value: (k: number, weight: number) => number) =>
    Float64Array.from(Array.from(nodes).flatMap((_, k) => FACTORS.map(({ weight }) => value(k, weight))));
  return { nodes: each((k) => nodes[k]!), weights: each((k, weight) => weights[k]! * weight) };
}

const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, k) => sum + value * y[k]!, 0);
