import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { studyRun } from '../../../src/runs/study-run.js';
import { asWriteError } from '../../../src/store/folder/durable.js';
import { openRowWriter } from '../../../src/store/rows/row-writer.js';
import type { LayerRow } from '../../../src/study/layer-row.js';
import { measureStudy } from '../../../src/study/measure-study.js';
import { rowsOf } from '../rows-of.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-writer-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('rows of a part that could not be written are in the next one', async () => {
  const protocol = { channels: '6:12' };
  const study = { blocks: ['pointwise' as const], activations: ['relu'], ratios: [0.5], layers: 2, protocol };
  const layers: LayerRow[][] = [];
  for await (const rows of measureStudy(study, { workers: 0 })) layers.push(rows);
  let onDisk = 0;
  const onPart = async (count: number) => {
    onDisk += count;
  };
  const writer = await openRowWriter(studyRun, folder, { seconds: 0, onPart });
  // what a process out of file handles meets for a while
  rmSync(join(folder, 'rows'), { recursive: true });
  writeFileSync(join(folder, 'rows'), '');
  await expect(writer.add(layers[0]!, 1)).rejects.toThrow();
  rmSync(join(folder, 'rows'));
  await openRowWriter(studyRun, folder).then((other) => other.close(false)); // makes the folder of parts again
  expect(onDisk).toBe(0);
  await writer.close(false);
  expect(onDisk).toBe(1);
  expect(await rowsOf(folder)).toEqual(layers[0]);

  // a complete run removes its parts, and nothing that somebody put beside them
  writeFileSync(join(folder, 'rows', 'notes.txt'), 'mine');
  await openRowWriter(studyRun, folder).then((other) => other.close(true));
  expect(readdirSync(join(folder, 'rows'))).toEqual(['notes.txt']);
  expect(await rowsOf(folder)).toEqual(layers[0]);
  rmSync(join(folder, 'rows', 'notes.txt'));
  await openRowWriter(studyRun, folder).then((other) => other.close(true));
  expect(readdirSync(folder)).toEqual(['rows.parquet']);
});

it('the database’s words for too many open files are put into ours', () => {
  const error = asWriteError(
    'a/rows.parquet.unfinished',
    new Error('IO Error: Cannot open file "a": Too many open files'),
  );
  expect((error as Error).message).toBe(
    'cannot write: a/rows.parquet (too many files are open at once; raise the limit, as with ulimit -n)',
  );
});
