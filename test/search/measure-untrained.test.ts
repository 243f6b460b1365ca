import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { cifarNetwork } from '../../src/networks/cifar.js';
import { measureUntrained } from '../../src/search/measure-untrained.js';
import { readTrainingData } from '../../src/training/data/read-training-data.js';
import { resolveRecipe } from '../../src/training/recipe.js';
import { writeStripes } from '../training/small-images.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-untrained-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('measures the gradient and the codes of an untrained network alike on two engines', async () => {
  await useBackend('auto');
  const data = await readTrainingData(writeStripes(join(folder, 'data')), { resolution: 8 });
  const network = cifarNetwork([4, 5], { resolution: 8, classes: 3 });
  const [fast, twin] = (['kernels', 'twin'] as const).map((engine) =>
    measureUntrained(network, data, resolveRecipe({}), engine),
  );
  expect(fast!.gradientNorm / twin!.gradientNorm).toBeCloseTo(1, 4);
  expect(fast!.naswot).toBe(twin!.naswot);
});
