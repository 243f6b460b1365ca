import type { VarianceComponents } from './variance-components.js';

/** Half the 0.95 quantile of chi-squared with one degree of freedom. */
const HALF_CHI = 1.920729410347062;
/** Places at which the likelihood is taken; reliabilities of 0 and more, below 1. */
const STEPS = 2000;

/**
 * Returns the reliability that independent experiments have in common: the most likely one, with its 95%
 * profile-likelihood interval. Experiments whose values do not vary are left out; undefined without any other.
 * @param parts components of each experiment, of values that are normal
 */
export function pooledReliability(
  parts: readonly Pick<VarianceComponents, 'f'>[],
): { readonly reliability: number; readonly interval: readonly [low: number, high: number] } | undefined {
  const varied = parts.filter(({ f: { ratio } }) => ratio > 0 && Number.isFinite(ratio));
  if (varied.length === 0) return undefined;
  const places = Array.from({ length: STEPS }, (_, i) => i / STEPS);
  const heights = places.map((r) => logLikelihood(varied, r));
  const top = heights.reduce((max, height) => Math.max(max, height), -Infinity);
  const within = places.filter((_, i) => heights[i]! >= top - HALF_CHI);
  return {
    reliability: places[heights.indexOf(top)]!,
    interval: [within[0]!, within.at(-1)!],
  };
}

/** The logarithm of the density of all ratios, up to a constant, by that of the F distribution. */
function logLikelihood(parts: readonly Pick<VarianceComponents, 'f'>[], r: number): number {
  let sum = 0;
  for (const { f } of parts) {
    const [d1, d2] = f.degreesOfFreedom;
    const scale = 1 + (f.size * r) / (1 - r);
    const x = f.ratio / scale;
    sum += (d1 / 2 - 1) * Math.log(x) - ((d1 + d2) / 2) * Math.log1p((d1 * x) / d2) - Math.log(scale);
  }
  return sum;
}
