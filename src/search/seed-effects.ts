import type { SearchRow } from './search-row.js';

/** A column of a row that is a number, or null. */
type NumberKey = { [K in keyof SearchRow]: SearchRow[K] extends number | null ? K : never }[keyof SearchRow];

/**
 * Returns the rows without the effect of each seed on the columns, and the degrees of freedom that this costs. Networks
 * of one seed see the same images in the same order, so a seed moves all designs alike; that says nothing of a design.
 * The effect is the mean over the designs with several seeds, less that over all their common seeds. Rows of other
 * seeds stay as they are.
 */
export function withoutSeedEffects(
  rows: readonly SearchRow[],
  columns: readonly NumberKey[],
): { readonly rows: readonly SearchRow[]; readonly removed: number } {
  const byDesign = new Map<number, SearchRow[]>();
  for (const row of rows) byDesign.set(row.design, [...(byDesign.get(row.design) ?? []), row]);
  const repeated = [...byDesign.values()].filter(({ length }) => length > 1);
  const seedsOf = (some: readonly SearchRow[]) => some.map(({ seed }) => seed);
  const [first = [], ...others] = repeated.map(seedsOf);
  const seeds = first.filter((seed) => others.every((own) => own.includes(seed)));
  if (repeated.length < 2 || seeds.length < 2) return { rows, removed: 0 };
  const block = repeated.flat().filter(({ seed }) => seeds.includes(seed));
  const effects = columns.flatMap((key) => {
    if (block.some((row) => row[key] === null)) return [];
    const mean = (some: readonly SearchRow[]) =>
      some.reduce((sum, row) => sum + (row[key] ?? 0), 0) / some.length;
    const whole = mean(block);
    const bySeed = seeds.map(
      (seed) => [seed, mean(block.filter((row) => row.seed === seed)) - whole] as const,
    );
    return [{ key, bySeed: new Map(bySeed) }];
  });
  const adjusted = rows.map((row): SearchRow => {
    const values = effects.map(({ key, bySeed }) => {
      const value = row[key];
      return [key, value === null ? null : value - (bySeed.get(row.seed) ?? 0)];
    });
    return { ...row, ...Object.fromEntries(values) };
  });
  return { rows: adjusted, removed: seeds.length - 1 };
}

/** Returns the rows of the seeds that all designs have, or undefined if there is none. */
export function ofSharedSeeds(rows: readonly SearchRow[]): readonly SearchRow[] | undefined {
  const designs = new Set(rows.map(({ design }) => design)).size;
  const seeds = [...new Set(rows.map(({ seed }) => seed))].filter(
    (seed) => new Set(rows.filter((row) => row.seed === seed).map(({ design }) => design)).size === designs,
  );
  return seeds.length === 0 ? undefined : rows.filter(({ seed }) => seeds.includes(seed));
}
