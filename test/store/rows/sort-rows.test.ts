import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { studyRun } from '../../../src/runs/study-run.js';
import { connect, parquetTable } from '../../../src/store/rows/database.js';
import { joinRows } from '../../../src/store/rows/join-rows.js';
import { partPaths, wholePath } from '../../../src/store/rows/row-files.js';
import { runStudy } from '../../../src/runs/run-study.js';
import { orderedSelects } from '../../../src/store/rows/sort-rows.js';
import { rowsOf } from '../rows-of.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-sort-'));
afterAll(() => rmSync(base, { recursive: true }));

/** A run with most of its parts, as it is before they are joined. */
async function someParts(folder: string): Promise<string[]> {
  const controller = new AbortController();
  const study = {
    blocks: ['pointwise' as const, 'conv3x3' as const],
    activations: ['silu', 'relu'],
    ratios: [1e-7, 0.1, 0.3, 1],
    layers: 20,
    spectra: true,
    protocol: { channels: '4:9' },
  };
  const onProgress = ({ done }: { done: number }) => done >= 300 && controller.abort();
  await runStudy(study, {
    out: folder,
    workers: 0,
    partSeconds: 0.02,
    signal: controller.signal,
    onProgress,
  });
  return partPaths(folder);
}

it('sorts rows piece by piece into the order and the file that one sort gives', async () => {
  const folder = join(base, 'run');
  const paths = await someParts(folder);
  const connection = await connect();
  const source = parquetTable(paths);
  expect(await orderedSelects(connection, studyRun, source)).toHaveLength(1);
  const inOrder = await rowsOf(folder); // of the parts
  await joinRows(connection, studyRun, paths, folder);
  expect(await rowsOf(folder)).toEqual(inOrder);
  expect(inOrder).toHaveLength(300);
  // from a point a piece to a few layers of a point
  for (const [bytes, pieces] of [
    [40_000, 4],
    [10_000, 10],
    [3_000, 50],
  ] as const) {
    expect((await orderedSelects(connection, studyRun, source, bytes)).length).toBeGreaterThan(pieces);
    rmSync(wholePath(folder));
    await joinRows(connection, studyRun, paths, folder, { bytes });
    expect(await rowsOf(folder)).toEqual(inOrder);
    expect(readdirSync(folder).sort()).toEqual([
      'ranks.csv',
      'rows',
      'rows.parquet',
      'run.json',
      'summary.csv',
    ]);
  }
  connection.closeSync();
});

it('joins parts of a version that called the column `method` by its former name', async () => {
  const folder = join(base, 'former');
  const paths = await someParts(folder);
  const expected = await rowsOf(folder);
  expect(paths.length).toBeGreaterThan(1);
  const former = join(base, 'former.parquet');
  const connection = await connect();
  await connection.run(
    `COPY (SELECT * RENAME (method AS way) FROM ${parquetTable([paths[0]!])}) TO '${former}' (FORMAT parquet)`,
  );
  await joinRows(connection, studyRun, [former, ...paths.slice(1)], folder);
  connection.closeSync();
  expect(await rowsOf(folder)).toEqual(expected);
});
