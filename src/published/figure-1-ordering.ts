import { entryOf, firstOf } from '../lookups.js';
import type { SummaryRow } from '../study/summary.js';
import { figure1Points } from './figure-1.js';

/** The agreement of one panel with the published one on the order of the activations. */
export interface PanelOrdering {
  readonly block: string;
  readonly tolerance: string;
  /** Pairs of activations at one dimension ratio that both figures have, printed further apart than the gap. */
  readonly pairs: number;
  /** Pairs in the same order in both. */
  readonly concordant: number;
  /**
   * Kendall's rank correlation: concordant minus discordant pairs, divided by all pairs. A measured tie counts as
   * neither.
   */
  readonly tau: number;
}

export interface OrderingOptions {
  /** The dimension ratios to compare. @default 0.1, 0.2, 0.3, where the curves lie apart */
  readonly ratios?: readonly number[] | undefined;
  /** Pairs printed at most this far apart are left out. @default 0.01, the reading error of the printed points */
  readonly gap?: number | undefined;
}

/**
 * Returns the agreement of a summary with the published order of the activations, for each block and tolerance. It
 * is Kendall's rank correlation over the pairs of activations at each dimension ratio, at the block's output. The
 * linear layer is left out, since it lies below all others in both. Blocks without a pair are left out too.
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
    const { block, tolerance } = firstOf(group).row;
    const key = `${block} ${tolerance}`;
    if (!panels.has(key)) panels.set(key, { block, tolerance, signs: [] });
    for (const [i, one] of group.entries())
      for (const other of group.slice(i + 1)) {
        const apart = one.printed - other.printed;
        // printed values have three digits: a difference of exactly 0.01 must count as no gap despite rounding
        if (Math.abs(apart) <= gap + 1e-9) continue;
        entryOf(panels, key).signs.push(Math.sign(apart * (one.row.rankRatioMean - other.row.rankRatioMean)));
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
