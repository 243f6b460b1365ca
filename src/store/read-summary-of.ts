import { missing } from '../errors.js';
import { readCsvTable } from './csv-table.js';
import type { CellKinds, RunKind } from './run-kind.js';

/** Returns the rows of a run's `summary.csv`. @throws RangeError if it is missing or damaged */
export async function readSummaryOf<Summary>(kind: RunKind, folder: string): Promise<Summary[]> {
  if (!kind.summaryColumns) return [];
  const columns = kind.summaryColumns as CellKinds<Summary>;
  const remedy = 'an interrupted run has none; `--resume` completes it';
  return readCsvTable(kind, folder, 'summary.csv', columns, () => missing('summary', folder, remedy));
}
