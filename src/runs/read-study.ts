import { readSummaryOf } from '../store/read-summary-of.js';
import { readRunRows } from '../store/rows/row-files.js';
import type { LayerRow } from '../study/layer-row.js';
import type { SummaryRow } from '../study/summary.js';
import { studyRun } from './study-run.js';

/** Yields a run's rows in their order, some hundreds at a time. @throws RangeError that names a damaged file */
export function readRows(folder: string): AsyncGenerator<LayerRow[]> {
  return readRunRows(studyRun, folder);
}

/** Returns the rows of a folder's `summary.csv`. @throws RangeError if it is missing or damaged */
export function readSummary(folder: string): Promise<SummaryRow[]> {
  return readSummaryOf<SummaryRow>(studyRun, folder);
}
