import type { RankResult } from '../../rank/rank.js';
import { printable } from '../../errors.js';
import { firstOf } from '../../lookups.js';
import { aligned } from './aligned.js';
import { rankNotes } from './rank-notes.js';
import type { RankReport } from './rank-report.js';
import { spectrumPlot } from './spectrum-plot.js';

/** Returns the report as text of at most 80 columns, with a plot of the spectrum if asked for. */
export function rankTable(report: RankReport, options: { spectrum: boolean }): string {
  const { file, rows, columns, dtype, ranks, largest, smallest, metrics, powerLaw, spectrum } = report;
  const fit = powerLaw && `${short(powerLaw.alpha)}  (of the ${powerLaw.count} largest eigenvalues)`;
  const sections = [
    pairs([
      ['matrix', file === '-' ? 'standard input' : cut(printable(file), 58)],
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
    options.spectrum ? spectrumPlot(spectrum, firstOf(ranks).tolerance) : '',
    rankNotes(report)
      .map((note) => `note: ${note}\n`)
      .join(''),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

/** Returns one line per tolerance: rule, threshold, rank, rank ratio, and certification. */
function rankRows(ranks: readonly RankResult[]): string {
  const lines = aligned([
    // as wide as the names of the other sections
    ['tolerance'.padEnd(23), 'threshold', 'rank', 'rank ratio', 'certified'],
    ...ranks.map(({ rank, lower, upper, certified, rankRatio, tolerance }) => [
      cut(tolerance.rule, 32),
      short(tolerance.absolute),
      lower === upper ? String(rank) : `${rank} (${lower} to ${upper})`,
      rankRatio.toFixed(4),
      certified ? 'yes' : 'no',
    ]),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

function pairs(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `${name.padEnd(23)}  ${value}\n`).join('');
}

/** Returns the number in five significant digits. */
function short(x: number): string {
  if (x === 0 || !Number.isFinite(x)) return String(x);
  return x >= 1e-3 && x < 1e5 ? String(Number(x.toPrecision(5))) : x.toExponential(3);
}

/** Returns the text in at most `width` characters; a long text keeps its end. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `...${text.slice(3 - width)}`;
}
