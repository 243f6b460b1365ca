import { describe, expect, it } from 'vitest';
import { paperActivations } from '../../src/activations/definitions.js';
import { paperBlocks } from '../../src/layers/blocks.js';
import { figure1Points } from '../../src/published/figure-1.js';
import { studyFields } from '../../src/study/study.js';

const points = figure1Points();
const curve = (block: string, activation: string) =>
  points.filter((point) => point.block === block && point.activation === activation);

describe('figure1Points', () => {
  it('lies on the grid of the default study, no place twice', () => {
    const places = points.map((point) => `${point.block} ${point.activation} ${point.dimensionRatio}`);
    expect(new Set(places).size).toBe(places.length);
    expect([...new Set(points.map((point) => point.block))]).toEqual(paperBlocks);
    for (const { activation, dimensionRatio } of points) {
      expect(paperActivations).toContain(activation);
      expect(studyFields.ratios.default).toContain(dimensionRatio);
    }
  });

  it('has the readable points of each panel', () => {
    const counts = paperBlocks.map((block) => points.filter((point) => point.block === block).length);
    expect(counts).toEqual([61, 63, 50, 57]);
  });

  it('has the identity for linear layers', () => {
    for (const block of paperBlocks)
      for (const { dimensionRatio, rankRatio } of curve(block, 'linear'))
        expect(rankRatio).toBe(dimensionRatio);
  });

  it('leaves out what is hidden in print, and nothing else', () => {
    expect(curve('pointwise', 'relu6').map((point) => point.dimensionRatio)).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9, 1,
    ]);
    expect(curve('inverted-depthwise', 'silu').at(-1)).toEqual({
      block: 'inverted-depthwise',
      activation: 'silu',
      dimensionRatio: 1,
      rankRatio: 0.999,
    });
  });

  it('rises with the dimension ratio, to within the error of reading it', () => {
    for (const block of paperBlocks)
      for (const activation of paperActivations)
        curve(block, activation).reduce((before, after) => {
          expect(after.rankRatio).toBeGreaterThan(before.rankRatio - 0.01);
          return after;
        });
  });
});
