/**
 * Returns Efron's percentile bootstrap interval: the 2.5% and 97.5% quantiles of a statistic over samples drawn with
 * replacement. Each statistic of a list gets its own interval. It is somewhat short for few items.
 *
 * @param uniform gives the next random number in [0, 1)
 */
export function bootstrapIntervals<T>(
  items: readonly T[],
  statistics: (sample: readonly T[]) => readonly number[],
  uniform: () => number,
  samples = 1000,
): [low: number, high: number][] {
  const all: number[][] = [];
  for (let i = 0; i < samples; i++) {
    const sample = items.map(() => items[Math.floor(uniform() * items.length)]!);
    for (const [k, value] of statistics(sample).entries()) (all[k] ??= []).push(value);
  }
  return all.map((values) => {
    const sorted = Float64Array.from(values).sort();
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    return [at(0.025), at(0.975)];
  });
}
