import type { NpyDtype } from '../files/npy-dtype.js';
import type { Metrics } from '../rank/metrics.js';
import type { PowerLaw } from '../rank/power-law.js';
import type { RankResult } from '../rank/rank.js';
import type { EngineName } from '../spectrum/engines.js';
import { aligned } from './aligned.js';
import { spectrumPlot } from './spectrum-plot.js';

/** All that `rankscope rank` finds out about one matrix. */
export interface RankReport {
  readonly file: string;
  readonly rows: number;
  readonly columns: number;
  readonly dtype: NpyDtype;
  /** The line of the file that was left out as a header, or null. */
  readonly header: number | null;
  /** Whether integers of the file were too large for float64 to hold all. */
  readonly rounded: boolean;
  readonly engine: EngineName;
  readonly ranks: readonly RankResult[];
  readonly largest: number;
  readonly smallest: number;
  readonly metrics: Metrics;
  readonly powerLaw: PowerLaw | null;
  readonly spectrum: Float64Array;
}

/** Returns the report as text of at most 80 columns, with a plot of the spectrum if asked for. */
export function rankTable(report: RankReport, options: { spectrum: boolean }): string {
  const { file, rows, columns, dtype, ranks, largest, smallest, metrics, powerLaw, spectrum } = report;
  const fit = powerLaw && `${short(powerLaw.alpha)}  (of the ${powerLaw.count} largest eigenvalues)`;
  const sections = [
    pairs([
      ['matrix', file === '-' ? 'standard input' : cut(file, 58)],
      ['size', `${rows} x ${columns} (rows x columns), ${dtype}`],
      ['largest singular value', spectrum.length === 0 ? 'none' : short(largest)],
      ['smallest singular value', spectrum.length === 0 ? 'none' : short(smallest)],
    ]),
    rankRows(ranks),
    pairs([
      ['stable rank', short(metrics.stableRank)],
      ['effective rank', short(metrics.effectiveRank)],
      ['participation ratio', short(metrics.participationRatio)],
      ['spectral entropy', `${short(metrics.spectralEntropy)} nats`],
      ['nuclear norm', short(metrics.nuclearNorm)],
      ['condition number', metrics.conditionNumber === null ? 'none' : short(metrics.conditionNumber)],
      ['power-law exponent', fit ?? 'none (needs 10 singular values > 0, not all equal)'],
    ]),
    options.spectrum ? spectrumPlot(spectrum, ranks[0]!.tolerance) : '',
    hints(report)
      .map((hint) => `note: ${hint}\n`)
      .join(''),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

/** Returns one line a tolerance: rule, threshold, rank, rank ratio, and whether the rank is certified. */
function rankRows(ranks: readonly RankResult[]): string {
  const lines = aligned([
    // as wide as the names of the other sections
    ['tolerance'.padEnd(23), 'threshold', 'rank', 'rank ratio', 'certified'],
    ...ranks.map(({ rank, lower, upper, certified, rankRatio, tolerance }) => [
      cut(tolerance.rule, 32),
      short(tolerance.absolute),
      lower === upper ? String(rank) : `${lower}-${upper}`,
      rankRatio.toFixed(4),
      certified ? 'yes' : 'no',
    ]),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** Returns what a reader might miss, a line each. */
function hints({
  rows,
  columns,
  dtype,
  header,
  rounded,
  engine,
  ranks,
  largest,
  spectrum,
}: RankReport): string[] {
  const hints: string[] = [];
  if (header !== null) hints.push(`line ${header} is taken for a header and left out`);
  if (rounded) hints.push('integers beyond 2^53 are rounded: the ranks are of the rounded matrix');
  if (spectrum.length === 0) hints.push('the matrix is empty');
  else if (largest === 0) hints.push('every entry is zero');
  if (columns > 0 && columns < rows) {
    hints.push(`fewer columns than rows: the rank ratio cannot exceed ${(columns / rows).toFixed(4)}`);
  }
  if (dtype === 'float16' && ranks.some(({ tolerance }) => tolerance.absolute < largest * 2 ** -11)) {
    hints.push('float16 rounds at 2^-11, above the threshold: consider relative:0.001');
  }
  if (engine === 'ml-matrix') hints.push('the ml-matrix engine certifies nothing');
  if (ranks.some(({ lower, upper }) => lower < upper)) {
    hints.push('a range: the threshold is within rounding errors of singular values;');
    hints.push('the ratio is that of the computed rank; a coarser tolerance is certified');
  }
  return hints;
}

function pairs(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `${name.padEnd(23)}  ${value}\n`).join('');
}

/** Returns the number in five significant digits. */
function short(x: number): string {
  if (x === 0 || !Number.isFinite(x)) return String(x);
  return x >= 1e-3 && x < 1e5 ? String(Number(x.toPrecision(5))) : x.toExponential(3);
}

/** Returns the text in at most that many characters; of a long one, the end. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `...${text.slice(3 - width)}`;
}
