import { describe, expect, it } from 'vitest';
import { trainingFigure } from '../../../src/plots/figures/training.js';
import { smallTraining, smallTrainingRanks } from './small-training.js';

describe('trainingFigure', () => {
  it('draws the mean ranks of each place at the first tolerance, from before the training', () => {
    const { rows, untrainedRanks } = smallTrainingRanks();
    const { ranks } = trainingFigure(rows, { untrainedRanks }).data as { ranks: Record<string, unknown>[] };
    expect(ranks).toHaveLength(2 * 11);
    expect(ranks[0]).toMatchObject({ epoch: 0, line: 'output', layers: 2, rankRatio: 1, effectiveShare: 0.8 });
    expect(ranks[3]).toMatchObject({ epoch: 1, line: 'after the expansion', layers: 1 });
    expect(ranks[3]!.rankRatio).toBeCloseTo(95 / 96, 5);
    expect(ranks[2]!.rankRatio).toBeCloseTo((15 / 16 + 23 / 24) / 2, 5);
  });

  it('draws no ranks that some epochs lack', () => {
    const { rows, untrainedRanks } = smallTrainingRanks();
    const some = [...rows.slice(0, 9), smallTraining()[9]!];
    expect(Object.keys(trainingFigure(some, { untrainedRanks }).data)).toEqual(['training']);
  });
});
