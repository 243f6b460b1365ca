import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readTable } from '../../src/files/read-table.js';
import { writeTable } from '../../src/files/write-table.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-table-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'deep', 'table.csv');

it('is read as it was written: text, numbers, nothing', async () => {
  const rows = [
    { someName: 'a, "b"', count: 3, share: 1 / 3, ci95Low: null },
    { someName: '7', count: 4, share: -1e-20, ci95Low: 0.5 },
  ];
  await writeTable(path, rows);
  expect(readFileSync(path, 'utf8').split('\n')[0]).toBe('some_name,count,share,ci95_low');
  expect(await readTable(path)).toEqual(rows);
});

it('is written with as many digits as asked for, whole numbers with all', async () => {
  await writeTable(path, [{ share: 2 / 3, count: 123456 }], 3);
  expect(await readTable(path)).toEqual([{ share: 0.667, count: 123456 }]);
});

it('that is not there is named', async () => {
  await expect(readTable(join(folder, 'none.csv'))).rejects.toThrow('none.csv');
});

it.each(['a,b\n1,2,3\n', 'a,b\n1,2\n1\n'])('with lines of other lengths is refused: %j', async (text) => {
  writeFileSync(path, text);
  await expect(readTable(path)).rejects.toThrow(
    /invalid number of cells in line \d of .*table\.csv: \d \(allowed: 2/,
  );
});
