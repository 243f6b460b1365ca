import type { LowRankAdapter, WeightMatrix } from '../formats/layers/weight-matrix.js';
import { gramSumBytes } from '../spectrum/wasm/gram/gram-sum.js';
import { BASELINE_ENTRIES, WHOLE_ENTRIES, type WeightOptions } from './measure-layer-weights.js';

/** Multiplications and additions of the spectrum per second of one core; measured, and only good for an estimate. */
const RATE = 1.6e10;
/** Seconds to read an entry and to look at it, and to put it elsewhere for a baseline. */
const READING = 2.5e-8;
const MOVING = 2e-8;

type Size = Pick<WeightMatrix, 'rows' | 'columns'> & {
  readonly adapter?: Pick<LowRankAdapter, 'rank'> | undefined;
};

/** Returns about how many seconds of one core a layer takes. */
export function estimateSeconds(
  { rows, columns, adapter }: Size,
  { baseline }: Pick<WeightOptions, 'baseline'>,
): number {
  if (adapter) return (rows + columns) * adapter.rank * (READING + (2 * adapter.rank) / 1e9);
  const [short, long] = [Math.min(rows, columns), Math.max(rows, columns)];
  const isDrawn = baseline !== 'none' && rows * columns <= BASELINE_ENTRIES;
  const spectrum = (short ** 2 * long + 2.5 * short ** 3) / RATE;
  return (isDrawn ? 2 : 1) * spectrum + rows * columns * (READING + (isDrawn ? MOVING : 0));
}

/** Returns about how many bytes measuring a layer takes at once, besides those of the program. */
export function estimateBytes(
  { rows, columns, adapter }: Size,
  { baseline }: Pick<WeightOptions, 'baseline'>,
): number {
  if (adapter) return 24 * (rows + columns) * adapter.rank + 5e7;
  const entries = rows * columns;
  const isKept = entries <= WHOLE_ENTRIES || (baseline !== 'none' && entries <= BASELINE_ENTRIES);
  return gramSumBytes(Math.max(1, Math.min(rows, columns))) + (isKept ? 4 * entries : 0) + 5e7;
}
