import { summarisePoint, type SummaryRow } from '../study/summary.js';
import { summariseMetric, type MetricPoint } from '../study/metric-summary.js';
import { invalid } from '../errors.js';
import { recount } from '../study/measure-layer.js';
import { parseTolerances } from '../rank/tolerance.js';
import { readRows } from './read-study.js';

/**
 * Returns the summary of a run at other tolerances, counted from its saved spectra. It equals the summary that
 * `recountRun` writes, without a new run, in the order of the run's rows.
 * @throws RangeError if the run has no spectra, or for an invalid tolerance
 * @example
 * await summariseAtTolerances('runs/first', ['relative:0.01', 'energy:0.99']);
 */
export async function summariseAtTolerances(
  folder: string,
  tolerances: readonly string[],
): Promise<SummaryRow[]> {
  const rules = parseTolerances(tolerances);
  const points = new Map<string, ReturnType<typeof summarisePoint>>();
  for await (const rows of readRows(folder)) {
    for (const row of rows) {
      const { block, tap, activation, dimensionRatio, channels } = row;
      for (const { tolerance, rank } of recount(row, rules)) {
        const key = { block, tap, activation, dimensionRatio, tolerance };
        pointOf(points, JSON.stringify(key), () => summarisePoint(key)).add(rank / channels, 1 / channels);
      }
    }
  }
  return Array.from(points.values(), (point) => point.result());
}

/** The metrics without a tolerance that are dimensions of a kind, and so have a share of the channels. */
export const shareMetrics = ['effectiveRank', 'participationRatio', 'stableRank'] as const;

/**
 * Returns the means of those metrics divided by the channels, for each point of a run.
 * @throws RangeError if the run has no metrics
 */
export async function summariseMetrics(folder: string): Promise<MetricPoint[]> {
  const points = new Map<string, ReturnType<typeof summariseMetric>>();
  for await (const rows of readRows(folder)) {
    for (const row of rows) {
      const { block, tap, activation, dimensionRatio, channels } = row;
      for (const metric of shareMetrics) {
        const key = { block, tap, activation, dimensionRatio, metric };
        const value = row[metric];
        if (value === null) throw invalid('run', folder, 'a run with metrics; this one only counted ranks');
        pointOf(points, JSON.stringify(key), () => summariseMetric(key)).add(value / channels);
      }
    }
  }
  return Array.from(points.values(), (point) => point.result());
}

function pointOf<T>(points: Map<string, T>, name: string, create: () => T): T {
  const point = points.get(name) ?? create();
  points.set(name, point);
  return point;
}
