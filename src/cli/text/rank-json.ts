import { rankNotes } from './rank-notes.js';
import type { RankReport } from './rank-report.js';

/**
 * Returns the object that `rank --json` prints. It has the same keys for every matrix and any number of tolerances.
 * Missing values and Infinity are null.
 */
export function rankJson(report: RankReport, withSpectrum: boolean): object {
  return {
    /** Version of this format. */
    format: 1,
    file: report.file,
    kind: report.kind,
    rows: report.rows,
    columns: report.columns,
    dtype: report.dtype,
    header: report.header,
    rowNames: report.rowNames,
    rounded: report.rounded,
    engine: report.engine,
    ranks: report.ranks.map(({ tolerance, ...result }) => ({ tolerance, ...result })),
    largest: report.largest,
    smallest: report.smallest,
    metrics: report.metrics,
    powerLaw: report.powerLaw,
    notes: rankNotes(report),
    spectrum: withSpectrum ? Array.from(report.spectrum) : null,
  };
}
