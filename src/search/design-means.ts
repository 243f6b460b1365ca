import type { SearchRow } from './search-row.js';

/** The keys of a row that are numbers, or null. */
type NumberKey = {
  [K in keyof SearchRow]: SearchRow[K] extends number | null ? K : never;
}[keyof SearchRow];

/** A design with the means of its networks' numbers; a number that one of them lacks is null. */
export type DesignMean = Omit<{ readonly [K in NumberKey]: SearchRow[K] }, 'seed'> & {
  readonly group: string | null;
  readonly channels: readonly number[];
  /** One per seed. */
  readonly rows: readonly SearchRow[];
};

/** Returns the designs of rows with the means over their seeds, by number. */
export function designMeans(rows: readonly SearchRow[]): DesignMean[] {
  const groups = new Map<number, SearchRow[]>();
  for (const row of rows) {
    const group = groups.get(row.design);
    if (group) group.push(row);
    else groups.set(row.design, [row]);
  }
  return [...groups.values()]
    .map((own): DesignMean => {
      const [first] = own as [SearchRow];
      const keys = (Object.keys(first) as (keyof SearchRow)[]).filter((key) =>
        own.some((row) => typeof row[key] === 'number'),
      ) as NumberKey[];
      const means = Object.fromEntries(
        (Object.keys(first) as (keyof SearchRow)[]).map((key) => [
          key,
          keys.includes(key as NumberKey) ? meanOf(own.map((row) => row[key as NumberKey])) : first[key],
        ]),
      );
      return {
        ...(means as unknown as DesignMean),
        channels: first.channels.split('-').map(Number),
        rows: own,
      };
    })
    .sort((one, other) => one.design - other.design);
}

function meanOf(values: readonly (number | null)[]): number | null {
  if (values.includes(null)) return null;
  return (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
}
