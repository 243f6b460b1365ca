import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { readSearch, runSearch } from '../../src/runs/search-run.js';
import { resolveSearchStudy, searchOn } from '../../src/search/search-spec.js';
import { readTrainingData } from '../../src/training/data/read-training-data.js';
import { writeStripes } from '../training/small-images.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-diverged-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('a network that diverges becomes a row without results, and the search goes on', async () => {
  const raw = await readTrainingData(writeStripes(join(folder, 'data')), { resolution: 8 });
  const backend = await useBackend('auto');
  const kept = async (name: string, recipe: object, halving: object | null = null) => {
    const designs = [
      [3, 4],
      [4, 5],
    ];
    const study = resolveSearchStudy({ designs, resolution: 8, recipe: { batch: 16, ...recipe }, halving });
    const { spec, data } = searchOn(study, raw);
    const out = join(folder, name);
    const { manifest } = await runSearch(spec, data, { out, engine: 'kernels', backend });
    expect(manifest).toMatchObject({ state: 'complete', networks: { done: 2, total: 2 } });
    return readSearch(out);
  };
  // weights grow a thousandfold in each step, beyond float32 in the second epoch
  const wild = { epochs: 4, learningRate: 100, weightDecay: 10, warmUp: 0, schedule: 'constant' };
  const { rows, diverged, done } = await kept('wild', wild);
  expect([rows, done]).toEqual([[], 2]);
  const { rows: good } = await kept('tame', { epochs: 1 });
  for (const [i, row] of diverged.entries()) {
    expect(row).toMatchObject({ design: i, testAccuracy: null, testLoss: null, trainLossSum: null });
    expect(row).toMatchObject({ outputRankAfter: null, headEffectiveAfter: null, seconds: null });
    expect(row.epochs).toBeLessThan(4);
    // what is known before training is that of a network that did not diverge
    for (const key of ['params', 'macs', 'gradientNorm', 'naswot', 'outputEffectiveBefore'] as const)
      expect(row[key]).toBe(good[i]![key]);
    expect(row.ranks.map(({ rankBefore }) => rankBefore)).toEqual(
      good[i]!.ranks.map(({ rankBefore }) => rankBefore),
    );
    expect(row.ranks.every(({ rankAfter }) => rankAfter === null)).toBe(true);
  }
  expect((await kept('halved', wild, { eta: 2 })).diverged.length).toBe(2);
});
