import type { SummaryRow } from '../study/summary.js';
import { figure1Points } from './figure-1.js';

/** How well one panel of a figure orders the nonlinearities as the published one does. */
export interface PanelOrdering {
  readonly block: string;
  readonly tolerance: string;
  /** Pairs of nonlinearities at one dimension ratio that both figures have, printed further apart than the gap. */
  readonly pairs: number;
  /** Pairs in the same order in both. */
  readonly concordant: number;
  /** Kendall's rank correlation: concordant minus other pairs, over all; a tie of ours counts as neither. */
  readonly tau: number;
}

export interface OrderingOptions {
  /** The dimension ratios that are compared. @default 0.1, 0.2, 0.3, where the curves lie apart */
  readonly ratios?: readonly number[];
  /**
   * Pairs that are printed no further apart than this are left out.
   * @default 0.01, the error with which the printed points were read
   */
  readonly gap?: number;
}

/**
 * Returns how well a summary orders the nonlinearities as the published figure does, for each block (and tolerance):
 * Kendall's rank correlation over the pairs of nonlinearities at each dimension ratio, at the block's output. The
 * linear layer, which lies below all others in both, is left out. Blocks without a pair are left out too.
 *
 * @example
 * const { summary } = await runStudy({ blocks: ['pointwise'] }, { out: 'runs/first' });
 * figure1Ordering(summary); // [{ block: 'pointwise', pairs: ..., tau: ... }]
 */
export function figure1Ordering(
  summary: readonly SummaryRow[],
  { ratios = [0.1, 0.2, 0.3], gap = 0.01 }: OrderingOptions = {},
): PanelOrdering[] {
  const published = new Map(figure1Points().map((point) => [keyOf(point), point.rankRatio]));
  const groups = new Map<string, { row: SummaryRow; printed: number }[]>();
  for (const row of summary) {
    const printed = published.get(keyOf(row));
    if (row.tap !== 'output' || row.activation === 'linear' || printed === undefined) continue;
    if (!ratios.includes(row.dimensionRatio)) continue;
    const key = `${row.block} ${row.tolerance} ${row.dimensionRatio}`;
    groups.set(key, [...(groups.get(key) ?? []), { row, printed }]);
  }
  const panels = new Map<string, { block: string; tolerance: string; signs: number[] }>();
  for (const group of groups.values()) {
    const { block, tolerance } = group[0]!.row;
    const key = `${block} ${tolerance}`;
    if (!panels.has(key)) panels.set(key, { block, tolerance, signs: [] });
    for (const [i, one] of group.entries())
      for (const other of group.slice(i + 1)) {
        const apart = one.printed - other.printed;
        // what is printed with three digits is compared with a gap of two: 0.01 itself is no gap
        if (Math.abs(apart) <= gap + 1e-9) continue;
        panels.get(key)!.signs.push(Math.sign(apart * (one.row.rankRatioMean - other.row.rankRatioMean)));
      }
  }
  return [...panels.values()]
    .filter(({ signs }) => signs.length > 0)
    .map(({ signs, block, tolerance }) => ({
      ...{ block, tolerance, pairs: signs.length },
      concordant: signs.filter((sign) => sign > 0).length,
      tau: signs.reduce((sum, sign) => sum + sign, 0) / signs.length,
    }));
}

const keyOf = ({
  block,
  activation,
  dimensionRatio,
}: Pick<SummaryRow, 'block' | 'activation' | 'dimensionRatio'>) => `${block} ${activation} ${dimensionRatio}`;
