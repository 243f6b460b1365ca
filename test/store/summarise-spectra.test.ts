import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { recountRun } from '../../src/runs/recount-run.js';
import { readRows } from '../../src/runs/read-study.js';
import { runStudy } from '../../src/runs/run-study.js';
import { summariseAtTolerances, summariseMetrics } from '../../src/runs/summarise-spectra.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-spectra-'));
afterAll(() => rmSync(folder, { recursive: true }));
const out = join(folder, 'run');

it('summarises a run at other tolerances as a run counted again does', async () => {
  const study = { activations: ['relu', 'silu'], ratios: [0.1, 0.5], layers: 3, spectra: true } as const;
  await runStudy(
    { ...study, blocks: ['pointwise', 'inverted-depthwise'], protocol: { channels: '8:16' } },
    { out, workers: 0 },
  );
  const tolerances = ['relative:0.01', 'energy:0.9'];
  const { summary } = await recountRun(out, tolerances, { out: join(folder, 'again') });
  const byKey = (rows: readonly object[]) =>
    rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
  expect(byKey(await summariseAtTolerances(out, tolerances))).toEqual(byKey(summary));
});

it('names the first layer of a run without spectra', async () => {
  const plain = join(folder, 'plain');
  await runStudy(
    { blocks: ['pointwise'], activations: ['relu'], ratios: [0.5], layers: 1 },
    { out: plain, workers: 0 },
  );
  await expect(summariseAtTolerances(plain, ['relative:0.1'])).rejects.toThrow(
    new RangeError(
      'missing spectrum: layer 0 of pointwise (only a run with kept spectra (--spectra) can be counted at another tolerance)',
    ),
  );
});

it('has the mean of each metric divided by the channels', async () => {
  const rows = [];
  for await (const batch of readRows(out)) rows.push(...batch);
  const own = rows.filter(
    ({ block, activation, dimensionRatio }) =>
      block === 'pointwise' && activation === 'silu' && dimensionRatio === 0.5,
  );
  const mean = own.reduce((sum, row) => sum + row.effectiveRank! / row.channels, 0) / own.length;
  const point = (await summariseMetrics(out)).find(
    ({ block, activation, dimensionRatio, metric }) =>
      block === 'pointwise' && activation === 'silu' && dimensionRatio === 0.5 && metric === 'effectiveRank',
  )!;
  expect(point.layers).toBe(3);
  expect(point.mean).toBeCloseTo(mean, 12);
  expect(point.ci95Low).toBeLessThan(mean);
  expect(point.ci95High).toBeGreaterThan(mean);
});
