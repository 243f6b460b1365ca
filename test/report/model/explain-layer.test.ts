import { describe, expect, it } from 'vitest';
import { explainLayer } from '../../../src/report/model/explain-layer.js';
import { randomLayer } from '../../../src/report/model/random-layer.js';
import type { LayerWeights } from '../../../src/weights/measure-layer-weights.js';
import { smallLayer } from './small-layer.js';

const explained = (layer: LayerWeights) => explainLayer(layer, randomLayer(layer));

describe('explainLayer', () => {
  it('finds nothing in random weights, of any size and baseline', async () => {
    for (const [rows, columns] of [
      [24, 32],
      [64, 16],
      [200, 24],
      [9, 3],
    ] as const)
      for (const baseline of ['permuted', 'gaussian'] as const) {
        const { marks, lead, more } = explained(await smallLayer({ rows, columns, baseline }));
        expect(marks).toEqual([]);
        expect(lead).toEqual([
          `Uses all ${Math.min(rows, columns)} directions above the rounding of float32.`,
        ]);
        expect(more[0]).toMatch(
          /^Its strength is spread about as evenly as in random weights: an effective rank of [\d.]+, where /,
        );
        expect(more[0]).toContain(
          baseline === 'permuted'
            ? 'the same weights in random order have'
            : 'a random matrix of these sizes has',
        );
      }
  });

  it('tells unused directions beside what random weights would use, and few strong ones', async () => {
    const { marks, lead, more } = explained(await smallLayer({ rank: 6 }));
    expect(marks).toEqual(['unused', 'uneven']);
    expect(lead[0]).toBe(
      'Uses 6 of 24 directions above the rounding of float32; the same weights in random order would use 24.',
    );
    expect(lead[1]).toMatch(
      /^Its strength sits in few directions: an effective rank of 5\.\d+, where the same weights in random order have \d+(\.\d)?\.$/,
    );
    expect(more).toEqual([
      expect.stringMatching(/^\d directions are stronger than the strongest of the same weights/),
    ]);
  });

  it('counts outputs that are constant or repeated, and what they leave', async () => {
    const { marks, lead } = explained(await smallLayer({ zeros: 5, repeated: 1 }));
    expect(marks).toEqual(['unused', 'constant', 'repeated']);
    expect(lead.slice(0, 3)).toEqual([
      'Uses 18 of 24 directions above the rounding of float32; the same weights in random order would use 24.',
      '5 outputs of 24 have only zero weights, and are constant whatever the input. That alone leaves at most 19 of 24 directions.',
      '1 output of 24 repeats the weights of an earlier one.',
    ]);
    const wide = explained(await smallLayer({ rows: 40, columns: 16, zeros: 1 }));
    expect(wide.marks).toEqual(['constant']);
    expect(wide.lead[1]).toBe('1 output of 40 has only zero weights, and is constant whatever the input.');
    const table = explained(await smallLayer({ rows: 40, columns: 16, zeros: 2, kind: 'embedding' }));
    expect(table.lead[1]).toBe('2 rows of 40 have only zero weights.');
  });

  it('says it without a baseline, for one direction, for none, and for a rank that is not proved', async () => {
    const alone = explained(await smallLayer({ rank: 6, baseline: 'none' }));
    expect(alone.marks).toEqual(['unused']);
    expect(alone.lead).toEqual(['Uses 6 of 24 directions above the rounding of float32.']);
    expect(alone.more).toEqual([
      expect.stringMatching(/^Its strength is spread as over 5\.\d+ equal directions\.$/),
    ]);
    expect(explained(await smallLayer({ rows: 1 })).lead).toEqual(['Has one output, so one direction.']);
    expect(explained(await smallLayer({ columns: 1 })).lead).toEqual(['Has one input, so one direction.']);
    const dead = explained(await smallLayer({ zeros: 24 }));
    expect(dead.lead[0]).toBe(
      'No direction is above the rounding of its stored type: the layer passes no signal on.',
    );
    expect(dead.marks).toEqual(['constant']);
    const layer = await smallLayer({ rank: 6 });
    const open = { ...layer, signalRank: { ...layer.signalRank, lower: 5, upper: 7, certified: false } };
    expect(explained(open).lead[0]).toMatch(/^Uses 5 to 7 of 24 directions/);
  });

  it('says what rounding is for integers', async () => {
    const { more } = explained(await smallLayer({ dtype: 'int8', quantisation: { scale: 0.01, scales: 1 } }));
    expect(more.at(-1)).toBe(
      'The weights are stored as int8: the rounding is the step between neighbouring values.',
    );
  });
});
