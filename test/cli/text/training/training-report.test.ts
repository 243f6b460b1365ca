import { expect, it } from 'vitest';
import { epochLine } from '../../../../src/cli/text/training/training-report.js';

it.each([
  [2.3025, 'loss 2.3025, test loss 2.3025'],
  [3.65e25, 'loss 3.6500e+25, test loss 3.6500e+25'],
  [Infinity, 'loss Infinity, test loss Infinity'],
  [NaN, 'loss NaN, test loss NaN'],
])('an epoch with a loss of %d fits into 80 columns', (loss, text) => {
  const row = { epoch: 9999, trainLoss: loss, testLoss: loss, testAccuracy: 1 };
  const line = epochLine(row, 10000);
  expect(line).toBe(`epoch 9999/10000: ${text}, test accuracy 100.0%`);
  expect(line.length).toBeLessThanOrEqual(80);
});
