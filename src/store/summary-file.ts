import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SummaryRow } from '../study/summary.js';

/** The columns of `summary.csv` and where each value is in a summary row. */
const columns: readonly (readonly [name: string, key: keyof SummaryRow])[] = [
  ['block', 'block'],
  ['tap', 'tap'],
  ['activation', 'activation'],
  ['dimension_ratio', 'dimensionRatio'],
  ['tolerance', 'tolerance'],
  ['layers', 'layers'],
  ['rank_ratio_mean', 'rankRatioMean'],
  ['rank_ratio_sd', 'rankRatioSd'],
  ['ci95_low', 'ci95Low'],
  ['ci95_high', 'ci95High'],
];

const texts = new Set(['block', 'tap', 'activation', 'tolerance']);

/** Writes the rows as `summary.csv` into a folder; numbers with every digit they have. */
export async function writeSummary(folder: string, rows: readonly SummaryRow[]): Promise<void> {
  const cell = (value: string | number) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value;
  const lines = rows.map((row) => columns.map(([, key]) => cell(row[key])).join(','));
  const path = join(folder, 'summary.csv');
  await writeFile(`${path}.unfinished`, [columns.map(([name]) => name).join(','), ...lines, ''].join('\n'));
  await rename(`${path}.unfinished`, path);
}

/** Returns the rows of a folder's `summary.csv`. @throws RangeError if there is none or its columns are others */
export async function readSummary(folder: string): Promise<SummaryRow[]> {
  let text: string;
  try {
    text = await readFile(join(folder, 'summary.csv'), 'utf8');
  } catch (cause) {
    throw new RangeError(`missing summary: ${folder} holds no summary.csv`, { cause });
  }
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const expected = columns.map(([name]) => name).join(',');
  if (head !== expected) throw new RangeError(`invalid summary columns: ${head} (allowed: ${expected})`);
  return lines.map((line) => {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
      cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
    );
    const values = columns.map(([, key], i) => [key, texts.has(key) ? cells[i] : Number(cells[i])]);
    return Object.fromEntries(values) as SummaryRow;
  });
}
