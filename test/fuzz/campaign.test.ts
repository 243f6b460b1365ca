import { expect, it } from 'vitest';
import { join } from 'node:path';
import { campaign } from '../../bench/fuzz/campaign.js';
import { readers } from './planted.js';

it('finds the fault of each reader and goes on with the next', { timeout: 120_000 }, async () => {
  const { tallies, failures } = await campaign({
    readers: readers.map(({ name }) => name),
    table: join(__dirname, 'planted.ts'),
    ...{ seed: 5, cases: () => 1, seconds: 0.5, bytes: 2 ** 28 },
  });
  expect(Object.fromEntries(failures.map(({ reader, fault }) => [reader, fault]))).toEqual({
    loops: 'takes more than 0.5 s of processor time',
    grows: expect.stringMatching(/^takes more than (256 MiB of memory|0\.5 s)/),
    crashes: 'ends the process (SIGABRT)',
    exits: 'ends the process (exit code 0)',
    destroys: 'changes notes.txt',
    accepts: 'accepts: answer.mean is NaN',
    blames: 'throws an error of another shape',
  });
  expect(tallies.map(({ answered, failed }) => answered + failed)).toEqual(readers.map(() => 1));
});
