import type { TrainingPoint } from '../../../src/plots/figures/training.js';
import type { TapRank } from '../../../src/training/training-rows.js';

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

/** The same with ranks at two layers, the second of which has an expansion; at two tolerances, the first counts. */
export function smallTrainingRanks(): { rows: TrainingPoint[]; untrainedRanks: TapRank[] } {
  const ranksAt = (epoch: number): TapRank[] =>
    ['relative:0.01', 'relative:0.1'].flatMap((tolerance, t) =>
      (
        [
          ['stem', 'output', 16],
          ['block 1', 'expand', 96],
          ['block 1', 'output', 24],
        ] as const
      ).map(([layer, tap, channels]) => {
        const rank = channels - Math.min(8, epoch) - 4 * t;
        const effectiveRank = Math.round(1e3 * channels * (0.4 + 0.4 / (1 + epoch))) / 1e3;
        return { layer, tap, channels, positions: 64, rank, rankRatio: rank / channels, effectiveRank, tolerance };
      }),
    );
  return {
    rows: smallTraining().map((row) => ({ ...row, ranks: ranksAt(row.epoch) })),
    untrainedRanks: ranksAt(0),
  };
}
