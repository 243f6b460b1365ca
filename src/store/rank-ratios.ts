import type { PointRatios } from '../study/summary.js';
import { queryRows } from './row-files.js';

/** Returns the rank ratios of a run's layers, point by point, tolerances in the order of the study. */
export async function readRankRatios(folder: string): Promise<PointRatios[]> {
  return queryRows(
    folder,
    (source) => `
      SELECT block, tap, activation, dimension_ratio, one.tolerance AS tolerance,
             list(one.rank / channels ORDER BY layer) AS rank_ratios, avg(1 / channels) AS step
      FROM (SELECT *, unnest(ranks) AS one, unnest(range(len(ranks))) AS place FROM ${source})
      GROUP BY block, tap, activation, dimension_ratio, one.tolerance, place
      ORDER BY block, tap, activation, dimension_ratio, place`,
    (record) => ({
      ...pointOf(record),
      tolerance: record.tolerance as string,
      rankRatios: record.rank_ratios as number[],
      step: record.step as number,
    }),
  );
}

/** Returns which block, tap, nonlinearity and ratio a record is about. */
export function pointOf(record: Readonly<Record<string, unknown>>) {
  return {
    block: record.block as string,
    tap: record.tap as string,
    activation: record.activation as string,
    dimensionRatio: record.dimension_ratio as number,
  };
}
