import type { TrainingPoint } from '../../../src/plots/figures/training.js';

/** Ten epochs of a training, by a formula. */
export function smallTraining(): TrainingPoint[] {
  return Array.from({ length: 10 }, (_, i) => {
    const round = (x: number) => Math.round(1e4 * x) / 1e4;
    const trainLoss = round(0.6 + 1.6 / (i + 1));
    const testLoss = round(0.8 + 1.2 / (i + 1));
    return {
      epoch: i + 1,
      trainLoss,
      trainAccuracy: round(0.85 - 0.25 * trainLoss),
      testLoss,
      testAccuracy: round(0.85 - 0.25 * testLoss),
    };
  });
}
