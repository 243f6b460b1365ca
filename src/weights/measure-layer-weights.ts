import type { TensorDtype } from '../formats/dtypes.js';
import { foldingFactors, timesFactors } from '../formats/layers/fold-normalization.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { LayerKind } from '../formats/model-file.js';
import { metrics, type Metrics } from '../rank/metrics.js';
import { powerLaw, type PowerLaw } from '../rank/power-law.js';
import { spectrumAndRanks, spectrumAndRanksOfSum, type RankResult } from '../rank/rank.js';
import { type Tolerance } from '../rank/tolerance.js';
import { GramSum } from '../spectrum/wasm/gram/gram-sum.js';
import { drawBaseline, type BaselineName } from './baseline.js';
import { entryStatistics, type EntryStatistics } from './entry-statistics.js';
import { keepEntries } from './kept-entries.js';
import { addMatrix, rowPieces } from './matrix-pieces.js';
import { measureAdapter } from './measure-adapter.js';
import { noiseEdge } from './noise-edge.js';
import { noiseFloor } from './noise-floor.js';

/** A rank of a layer's weights at one tolerance. */
export interface WeightRank {
  readonly rule: string;
  readonly rank: number;
  readonly lower: number;
  readonly upper: number;
  readonly certified: boolean;
  /** rank / rows. */
  readonly rankRatio: number;
  /** rank / min(rows, columns), 1 at full rank. An expanding 384 x 64 layer never passes 0.167 of its rows. */
  readonly shareOfFull: number;
}

/** The measurements of the weights of one layer. */
export interface LayerWeights {
  readonly name: string;
  /** Other names of the same weights. */
  readonly aliases: readonly string[];
  readonly kind: LayerKind;
  readonly rows: number;
  readonly columns: number;
  readonly shape: readonly number[];
  readonly dtype: TensorDtype;
  readonly ranks: readonly WeightRank[];
  /** The number of singular values above the floor that rounding to the stored type makes, and that floor. */
  readonly signalRank: {
    readonly rank: number;
    readonly lower: number;
    readonly upper: number;
    readonly certified: boolean;
    readonly floor: number;
  };
  /** The Marchenko-Pastur edge with the spread of Tracy and Widom, and how many singular values are beyond it. */
  readonly noise: { readonly edge: number; readonly spread: number; readonly beyond: number };
  /**
   * The largest singular value of the baseline, and the number of the layer's greater ones; null without a baseline.
   */
  readonly baseline: {
    readonly kind: BaselineName;
    readonly largest: number;
    readonly beyond: number;
  } | null;
  readonly largest: number;
  readonly smallest: number;
  readonly metrics: Metrics;
  /** With the standard error of alpha, (alpha - 1) / √count; null if none can be fitted. */
  readonly powerLaw: (PowerLaw & { readonly standardError: number }) | null;
  readonly deadRows: number;
  readonly duplicateRows: number;
  /** A normalization behind the layer, whether the file says so, and whether its factors are in these weights. */
  readonly normalization: { readonly name: string; readonly known: boolean; readonly folded: boolean } | null;
  readonly notes: readonly string[];
  /** Descending. */
  readonly spectrum: Float64Array;
  /** The width of a low-rank adapter and its factor; null for any other layer. */
  readonly adapter: { readonly rank: number; readonly scale: number } | null;
  /** Of the baseline, descending; null without one. */
  readonly baselineSpectrum: Float64Array | null;
}

/** How weights are measured. */
export interface WeightOptions {
  readonly tolerances: readonly Tolerance[];
  readonly baseline: BaselineName;
  /** Of the baseline. */
  readonly seed: number;
  /** Whether rows are multiplied by the factors of the normalization behind the layer, where the graph has it. */
  readonly fold: boolean;
}

/** The most entries of a matrix that is reduced whole, with finer methods if a rank stays open. */
export const WHOLE_ENTRIES = 2 ** 22;
/** The most entries for which a baseline is drawn, since it needs them all at once. */
export const BASELINE_ENTRIES = 2 ** 26;

/**
 * Measures the weights of one layer. Up to four million entries it holds them; of a larger matrix the Gram matrix of the
 * shorter side, a piece, and all entries where a baseline of at most 2^26 entries is drawn, those of 16-bit types in 16 bits.
 *
 * @param wholeEntries the most entries of a matrix that is reduced whole
 * @throws RangeError for a NaN or an infinity, with its place
 */
export async function measureLayerWeights(
  matrix: WeightMatrix,
  options: WeightOptions,
  wholeEntries = WHOLE_ENTRIES,
): Promise<LayerWeights> {
  if (matrix.adapter) return report(matrix, await measureAdapter(matrix, matrix.adapter, options));
  const { rows, columns, name, normalization } = matrix;
  const factors = options.fold ? await foldingFactors(matrix) : undefined;
  const whole = rows * columns <= wholeEntries;
  const drawn = options.baseline !== 'none' && rows * columns <= BASELINE_ENTRIES;
  const notes = [...matrix.notes];
  if (options.baseline !== 'none' && !drawn)
    notes.push(`no baseline: ${rows} x ${columns} is more than ${BASELINE_ENTRIES} entries`);
  if (normalization && factors) notes.push(`folded with ${normalization.name}`);
  else if (normalization && options.fold)
    notes.push(`not folded: only names tell that ${normalization.name} follows`);

  // one pass over the rows, for the statistics; the second, for the spectrum, is over the kept entries or the file again
  const coded = !whole && !factors && options.baseline === 'permuted';
  const kept = whole || drawn ? await keepEntries(matrix, coded) : undefined;
  const accumulator = entryStatistics(matrix);
  for await (const { row, numbers } of rowPieces(matrix)) {
    accumulator.add(numbers, factors);
    kept?.set(numbers, row * columns);
    if (kept && factors) timesFactors(await kept.read(row, numbers.length / columns), columns, factors, row);
  }
  const entries = accumulator.statistics();
  if (!Number.isFinite(entries.variance))
    throw new RangeError('numbers above 1e154, whose squares overflow: divide them first');
  const floor = noiseFloor(rows, columns, entries.spacing);
  const tolerances = [...options.tolerances, { name: 'absolute', t: floor } as Tolerance];
  const measured = { entries, floor, options, notes, folded: factors !== undefined, adapter: null };
  const draw = () => {
    if (options.baseline === 'none' || !drawn || !kept) return false;
    drawBaseline(options.baseline, kept.values, { ...entries, seed: options.seed, name });
    return true;
  };
  if (kept && whole) {
    const data = { data: await kept.read(0, rows), rows, columns };
    const { spectrum, ranks } = spectrumAndRanks(data, tolerances);
    const baseline = draw() ? spectrumAndRanks(data, []).spectrum : null;
    return report(matrix, { ...measured, spectrum, ranks, baseline });
  }
  const sum = new GramSum(Math.min(rows, columns));
  const read: WeightMatrix['read'] = async (row, count, column = 0, width = columns - column) => {
    const block = await matrix.read(row, count, column, width);
    return factors ? timesFactors(block.slice(), width, factors, row) : block;
  };
  await addMatrix(sum, { rows, columns, read: kept?.read ?? read });
  const { spectrum, ranks } = spectrumAndRanksOfSum(sum, tolerances);
  let baseline: Float64Array | null = null;
  if (kept && draw()) {
    await addMatrix(sum.clear(), { rows, columns, read: kept.read });
    baseline = sum.singularValues().values;
  }
  return report(matrix, { ...measured, spectrum, ranks, baseline });
}

/** The measurements of a matrix before they are reported. */
export interface Measured {
  readonly entries: EntryStatistics;
  readonly floor: number;
  readonly spectrum: Float64Array;
  /** At the requested tolerances, and last at the floor. */
  readonly ranks: readonly RankResult[];
  readonly baseline: Float64Array | null;
  readonly options: WeightOptions;
  readonly notes: readonly string[];
  readonly folded: boolean;
  readonly adapter: LayerWeights['adapter'];
}

/** Returns the full rank of a layer, that of its halves for an adapter. */
export function fullRank({
  rows,
  columns,
  adapter,
}: Pick<LayerWeights, 'rows' | 'columns' | 'adapter'>): number {
  return Math.max(1, Math.min(rows, columns, adapter?.rank ?? Infinity));
}

function report(matrix: WeightMatrix, measured: Measured): LayerWeights {
  const { name, aliases, kind, rows, columns, shape, dtype, normalization } = matrix;
  const { entries, floor, spectrum, baseline, options, notes, folded, adapter } = measured;
  const full = fullRank({ rows, columns, adapter });
  const ranks = measured.ranks.slice(0, -1).map(({ rank, lower, upper, certified, tolerance }) => ({
    ...{ rule: tolerance.rule, rank, lower, upper, certified, rankRatio: rank / Math.max(1, rows) },
    shareOfFull: rank / full,
  }));
  const signal = measured.ranks.at(-1) as RankResult;
  const noise = noiseEdge(rows, columns, entries.variance);
  const beyond = (limit: number) => spectrum.filter((value) => value > limit).length;
  const fit = powerLaw(spectrum, { resolution: 1e-7 });
  return {
    ...{ name, aliases, kind, rows, columns, shape, dtype, ranks },
    signalRank: {
      ...{ rank: signal.rank, lower: signal.lower, upper: signal.upper, certified: signal.certified },
      floor,
    },
    noise: { ...noise, beyond: beyond(noise.edge) },
    baseline: baseline && {
      kind: options.baseline,
      largest: baseline[0] ?? 0,
      beyond: beyond(baseline[0] ?? 0),
    },
    largest: spectrum[0] ?? 0,
    smallest: spectrum.at(-1) ?? 0,
    metrics: metrics(spectrum),
    powerLaw: fit && { ...fit, standardError: (fit.alpha - 1) / Math.sqrt(fit.count) },
    deadRows: entries.deadRows,
    duplicateRows: entries.duplicateRows,
    normalization: normalization ? { name: normalization.name, known: normalization.known, folded } : null,
    notes,
    spectrum,
    adapter,
    baselineSpectrum: baseline,
  };
}
