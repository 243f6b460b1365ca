import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { resolveSearchStudy, searchOn } from '../../src/search/search-spec.js';
import { readTrainingData } from '../../src/training/data/read-training-data.js';
import { writeStripes } from '../training/small-images.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-search-spec-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('designs like a network may be as narrow as that network, and else not narrower than the stem', async () => {
  const data = await readTrainingData(writeStripes(join(folder, 'data')), { resolution: 8 });
  const narrowest = (designs: object) => {
    const { spec } = searchOn(resolveSearchStudy({ designs, resolution: 8 }), data);
    return Math.min(...spec.designs.flatMap(({ channels }) => channels));
  };
  const like = 'cifar:8-12-16-20-24';
  expect(narrowest({ count: 4, like, within: 0.05 })).toBe(8);
  expect(narrowest({ count: 4, like: 'cifar:34-34-45-55-66', within: 0.05 })).toBeGreaterThanOrEqual(16);
  expect(narrowest({ count: 20, like, within: 0.05, minChannels: 4 })).toBeLessThan(8);
  expect(() => narrowest({ count: 4, like, minChannels: 16 })).toThrow(
    'missing configurations: 4 of 5 blocks within 1% (0 found; widen the band, move the budgets towards each other, ' +
      'allow fewer channels than 16, or take other blocks)',
  );
});
