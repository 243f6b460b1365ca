import type { SummaryRow } from '../study/summary.js';
import { figure1Points } from './figure-1.js';

/** How far one panel of a figure is from the published one. */
export interface PanelError {
  readonly block: string;
  readonly tolerance: string;
  /** How many points both have. */
  readonly points: number;
  /** Root mean square of measured minus published rank ratio. */
  readonly rmse: number;
  /** Mean of measured minus published: above 0 where ours lies higher. */
  readonly bias: number;
}

/**
 * Returns how far a summary is from the published figure, for each block (and tolerance, where there are several):
 * over the points that both have, at the block's output. Blocks without such a point are left out.
 *
 * The published points are themselves off by about 0.01 (see `figure1Points`) and each is a mean of random layers, so
 * an error below that says no more than that the curves agree.
 *
 * @example
 * const { summary } = await runStudy({ blocks: ['pointwise'] }, { out: 'runs/first' });
 * figure1Errors(summary); // [{ block: 'pointwise', rmse: ... }]
 */
export function figure1Errors(summary: readonly SummaryRow[]): PanelError[] {
  const published = new Map(figure1Points().map((point) => [keyOf(point), point.rankRatio]));
  const panels = new Map<string, { block: string; tolerance: string; differences: number[] }>();
  for (const row of summary) {
    const printed = published.get(keyOf(row));
    if (row.tap !== 'output' || printed === undefined) continue;
    const { block, tolerance } = row;
    const key = `${block} ${tolerance}`;
    if (!panels.has(key)) panels.set(key, { block, tolerance, differences: [] });
    panels.get(key)!.differences.push(row.rankRatioMean - printed);
  }
  return [...panels.values()].map(({ differences, ...panel }) => ({
    ...panel,
    points: differences.length,
    rmse: Math.sqrt(mean(differences.map((d) => d * d))),
    bias: mean(differences),
  }));
}

type PointPlace = Pick<SummaryRow, 'block' | 'activation' | 'dimensionRatio'>;

const keyOf = ({ block, activation, dimensionRatio }: PointPlace) =>
  `${block} ${activation} ${dimensionRatio}`;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
