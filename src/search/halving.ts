import type { SearchSpec } from './search-spec.js';

/** Returns the epochs at which successive halving compares, and last those of the recipe. */
export function rungsOf({ halving, recipe: { epochs } }: Pick<SearchSpec, 'halving' | 'recipe'>): number[] {
  const rungs: number[] = [];
  if (halving) for (let rung = halving.first; rung < epochs; rung *= halving.eta) rungs.push(rung);
  return [...rungs, epochs];
}

/**
 * Returns how many of `count` networks continue after a rung. Each rung keeps one in eta of the one before, rounded up.
 */
export function keptInRung(
  spec: Pick<SearchSpec, 'halving' | 'recipe'>,
  rung: number,
  count: number,
): number {
  const { halving } = spec;
  if (!halving) return count;
  const passed = rungsOf(spec).indexOf(rung) + 1;
  let kept = count;
  for (let i = 0; i < passed; i++) kept = Math.ceil(kept / halving.eta);
  return kept;
}
