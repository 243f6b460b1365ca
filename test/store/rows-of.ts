import { readRows } from '../../src/runs/read-study.js';
import type { LayerRow } from '../../src/study/layer-row.js';

/** Returns every row of a run, in the order it is read. */
export async function rowsOf(folder: string): Promise<LayerRow[]> {
  const rows: LayerRow[] = [];
  for await (const batch of readRows(folder)) rows.push(...batch);
  return rows;
}
