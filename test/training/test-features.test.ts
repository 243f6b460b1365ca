import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { cifarNetwork } from '../../src/networks/cifar.js';
import { readTrainingData } from '../../src/training/data/read-training-data.js';
import { testFeatures } from '../../src/training/test-features.js';
import { trainNetwork } from '../../src/training/train-network.js';
import { writeStripes } from './small-images.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-features-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('returns what the classifier reads: its weights make the scores that were tested', async () => {
  await useBackend('auto');
  const data = await readTrainingData(writeStripes(join(folder, 'data'), 320, 300), { resolution: 8 });
  const network = cifarNetwork([3, 4], { resolution: 8, classes: data.classes.length });
  const { parameters, testAccuracy } = await trainNetwork(network, data, { epochs: 2, batch: 16 });
  const { data: features, rows, columns } = testFeatures(network, data, parameters);
  expect([rows, columns]).toEqual([320, 300]);
  const [weight, bias] = ['weight', 'bias'].map((role) => parameters.get(`classifier.${role}`)!.data);
  const classes = data.classes.length;
  let correct = 0;
  for (let image = 0; image < columns; image++) {
    const scores = Array.from({ length: classes }, (_, k) => {
      let sum = bias![k]!;
      for (let c = 0; c < rows; c++) sum += features[c * columns + image]! * weight![c * classes + k]!;
      return sum;
    });
    if (scores.indexOf(Math.max(...scores)) === data.test.labels[image]) correct++;
  }
  expect(testAccuracy).toBeGreaterThan(0.5);
  expect(correct / columns).toBeCloseTo(testAccuracy!, 2);
});
