import type { SummaryRow } from '../study/summary.js';
import { figure1Points } from './figure-1.js';

/** The deviation of one panel of a figure from the published one. */
export interface PanelError {
  readonly block: string;
  readonly tolerance: string;
  /** Number of points that both have. */
  readonly points: number;
  /** Root mean square of measured minus published rank ratio. */
  readonly rmse: number;
  /** Root mean square of the points' standard errors: the error that the finite number of layers alone would leave. */
  readonly sampling: number;
  /** Mean of measured minus published: positive if the measured curves lie higher. */
  readonly bias: number;
  /**
   * The skill against an oracle that ignores the activation: 1 - the sum of our squares / the sum of its squares. The
   * oracle says of each activation the mean printed at that ratio. The linear layer, which both know, is left out. It
   * is 1 for the figure itself, 0 for the oracle, below 0 for worse, and null where the oracle is never wrong.
   */
  readonly skill: number | null;
}

/**
 * Returns the deviation of a summary from the published figure, for each block and tolerance. It is taken over the
 * points that both have, at the block's output. Blocks without such a point are left out.
 *
 * The published points are themselves off by about 0.01 (see `figure1Points`) and each is a mean of random layers, so a
 * smaller error only shows that the curves agree.
 *
 * @example
 * const { summary } = await runStudy({ blocks: ['pointwise'] }, { out: 'runs/first' });
 * figure1Errors(summary); // [{ block: 'pointwise', rmse: ... }]
 */
export function figure1Errors(summary: readonly SummaryRow[]): PanelError[] {
  const published = new Map(figure1Points().map((point) => [keyOf(point), point.rankRatio]));
  const oracle = printedMeans();
  const panels = new Map<string, Panel>();
  for (const row of summary) {
    const printed = published.get(keyOf(row));
    if (row.tap !== 'output' || printed === undefined) continue;
    const { block, tolerance } = row;
    const key = `${block} ${tolerance}`;
    const panel = panels.get(key) ?? {
      block,
      tolerance,
      differences: [],
      variances: [],
      ours: 0,
      oracles: 0,
    };
    panels.set(key, panel);
    const difference = row.rankRatioMean - printed;
    panel.differences.push(difference);
    panel.variances.push(row.rankRatioSd ** 2 / row.layers);
    if (row.activation === 'linear') continue;
    panel.ours += difference ** 2;
    panel.oracles += ((oracle.get(ratioKey(row)) ?? printed) - printed) ** 2;
  }
  return [...panels.values()].map(({ differences, variances, ours, oracles, ...panel }) => ({
    ...panel,
    points: differences.length,
    rmse: Math.sqrt(mean(differences.map((d) => d * d))),
    sampling: Math.sqrt(mean(variances)),
    bias: mean(differences),
    skill: oracles > 0 ? 1 - ours / oracles : null,
  }));
}

interface Panel {
  readonly block: string;
  readonly tolerance: string;
  readonly differences: number[];
  /** Squares of the standard errors. */
  readonly variances: number[];
  /** Sums of squares over the activations. */
  ours: number;
  oracles: number;
}

/** The mean of the activations that are printed in a panel at a ratio. */
function printedMeans(): Map<string, number> {
  const groups = new Map<string, number[]>();
  for (const point of figure1Points()) {
    if (point.activation === 'linear') continue;
    groups.set(ratioKey(point), [...(groups.get(ratioKey(point)) ?? []), point.rankRatio]);
  }
  return new Map([...groups].map(([key, ratios]) => [key, mean(ratios)]));
}

const ratioKey = ({ block, dimensionRatio }: Omit<PointPlace, 'activation'>) => `${block} ${dimensionRatio}`;

type PointPlace = Pick<SummaryRow, 'block' | 'activation' | 'dimensionRatio'>;

const keyOf = ({ block, activation, dimensionRatio }: PointPlace) =>
  `${block} ${activation} ${dimensionRatio}`;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
