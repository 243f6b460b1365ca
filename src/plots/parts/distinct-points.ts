import { invalid } from '../../errors.js';

/**
 * Refuses rows if two would be drawn at one point. A line through both would run up and down between them.
 * @param fields what makes a point, with the words for it
 * @param remedy what is allowed instead
 * @throws RangeError that names the first such point and both its rows
 */
export function refuseDoublePoints<Row extends object>(
  rows: readonly Row[],
  fields: readonly (keyof Row & string)[],
  remedy = 'one row a point',
): void {
  const seen = new Map<string, number>();
  rows.forEach((row, i) => {
    const key = JSON.stringify(fields.map((field) => row[field]));
    const before = seen.get(key);
    if (before !== undefined) {
      const words = fields
        .filter((field) => row[field] !== undefined)
        .map((field) => `${field} ${String(row[field])}`)
        .join(', ');
      throw invalid('rows', `two at one point (${words}): rows ${before + 1} and ${i + 1}`, remedy);
    }
    seen.set(key, i);
  });
}
