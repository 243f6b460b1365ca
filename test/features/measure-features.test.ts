import { describe, expect, it } from 'vitest';
import type { FeaturePlace } from '../../src/features/running/feature-places.js';
import type { ModelInputs } from '../../src/features/inputs/model-inputs.js';
import { measureFeatures } from '../../src/features/measure-features.js';
import type { Runnable } from '../../src/features/running/runnable.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import { effectiveRank } from '../../src/rank/metrics.js';
import { spectrumAndRanks } from '../../src/rank/rank.js';
import { centerRows } from '../../src/spectrum/center.js';

const [CHANNELS, POSITIONS, SAMPLES] = [12, 30, 8];
const before = fillNormal(createStream(3, 'features'), new Float32Array(SAMPLES * CHANNELS * POSITIONS));
for (let i = 0; i < before.length; i++) {
  const channel = Math.floor(i / POSITIONS) % CHANNELS;
  if (channel === 0) before[i] = -Math.abs(before[i]!); // silent behind a ReLU
  if (channel === 1) before[i] = Math.abs(before[i]!) + 50; // never bent
  if (channel === 2) before[i] = Math.min(-1e-3, before[i]!) + 2e-3; // dormant: hardly above 0
}

const at = (value: string) => ({ value, channels: CHANNELS, axis: 1 });
const place: FeaturePlace = {
  ...{ layer: 'w', kind: 'convolution', fanIn: 27, channels: CHANNELS },
  input: { value: 'x', channels: CHANNELS, axis: 1 },
  stages: { before: at('z'), after: at('y') },
  activation: { ops: 'Relu', name: 'relu' },
};
const asked: string[][] = [];
/** A model whose input are its features before a ReLU. */
const runnable: Runnable = {
  ...{ path: 'p', format: 'onnx', runner: 'test', skipped: [], places: [place] },
  inputs: [{ name: 'x', shape: [null, CHANNELS, POSITIONS] }],
  run(feeds, wanted, visit) {
    asked.push([...wanted]);
    const { data, shape } = feeds.get('x')!;
    for (const value of wanted) {
      const numbers = Float32Array.from(data as Float32Array, (x) => (value === 'y' ? Math.max(0, x) : x));
      visit(value, { shape, data: numbers });
    }
    return Promise.resolve();
  },
  close: () => {},
};
const size = CHANNELS * POSITIONS;
const inputs: ModelInputs = {
  count: SAMPLES,
  words: '8 samples',
  read: (indices) => {
    const data = new Float32Array(indices.length * size);
    for (const [i, index] of indices.entries())
      data.set(before.subarray(index * size, (index + 1) * size), i * size);
    return Promise.resolve(new Map([['x', { shape: [indices.length, CHANNELS, POSITIONS], data }]]));
  },
};

/** Features of the first samples as a matrix. */
function matrixOf(samples: number, bend: (x: number) => number) {
  const columns = samples * POSITIONS;
  const data = new Float32Array(CHANNELS * columns);
  for (let s = 0; s < samples; s++)
    for (let c = 0; c < CHANNELS; c++)
      for (let p = 0; p < POSITIONS; p++)
        data[c * columns + s * POSITIONS + p] = bend(before[(s * CHANNELS + c) * POSITIONS + p]!);
  return { data, rows: CHANNELS, columns };
}

describe('measureFeatures', () => {
  it('measures centred and not, before and after, and half of the inputs, as whole matrices have it', async () => {
    const tolerances = ['relative:0.01', 'energy:0.99'];
    const { features } = await measureFeatures(runnable, inputs, { tolerances });
    expect(features.map(({ stage, columns }) => [stage, columns])).toEqual([
      ['before', 240],
      ['after', 240],
    ]);
    for (const row of features) {
      const bend = row.stage === 'after' ? (x: number) => Math.max(0, x) : (x: number) => x;
      const whole = matrixOf(SAMPLES, bend);
      for (const [found, matrix] of [
        [row.centred, centerRows(whole)],
        [row.uncentred, whole],
        [row.half!, centerRows(matrixOf(SAMPLES / 2, bend))],
      ] as const) {
        const { spectrum, ranks } = spectrumAndRanks(matrix, tolerances);
        expect(found.ranks.map(({ rank }) => rank)).toEqual(ranks.map(({ rank }) => rank));
        expect(found.effectiveRank).toBeCloseTo(effectiveRank(spectrum), 4);
      }
      expect(row.centred.ranks[0]!.certified).toBe(true);
    }
    const [, after] = features;
    expect(after!.shares).toEqual({ silent: 1 / 12, neverBent: 1 / 12, dormant: 2 / 12 });
    expect(features[0]!.shares.neverBent).toBe(null);
    // a random layer of 27 inputs has full rank
    expect(after!.random!.centred.ranks[0]!.rank).toBe(CHANNELS);
    expect(after!.random!.columns).toBe(48);
  });

  it('asks for one value at a time where no more fits, with the same numbers', async () => {
    asked.length = 0;
    const small = await measureFeatures(runnable, inputs, { memoryBytes: 1, reference: false, batch: 3 });
    expect(asked.every((wanted) => wanted.length <= 1)).toBe(true);
    const large = await measureFeatures(runnable, inputs, { reference: false });
    expect(small.features.map(({ centred }) => centred.ranks)).toEqual(
      large.features.map(({ centred }) => centred.ranks),
    );
  });

  it('leaves out layers too wide for a Gram matrix', async () => {
    const stages = { before: { value: 'v', channels: 5000, axis: 1 } };
    const wide = { ...runnable, places: [{ ...place, layer: 'wide', stages }, place] };
    const { features, skipped } = await measureFeatures(wide, inputs, { reference: false });
    expect(features.map(({ layer }) => layer)).toEqual(['w', 'w']);
    expect(skipped).toEqual([{ name: 'wide', reason: '5000 channels, more than 4096' }]);
  });

  it('marks too few columns', async () => {
    const { features } = await measureFeatures(runnable, { ...inputs, count: 1 }, { reference: false });
    expect(features[0]!.few).toBe(true);
    expect(features[0]!.half).toBe(null);
  });

  it('measures what has run when it is stopped', async () => {
    const stop = new AbortController();
    const options = { batch: 1, signal: stop.signal, onProgress: () => stop.abort() };
    const { features, inputs: used } = await measureFeatures(runnable, inputs, {
      ...options,
      reference: false,
    });
    expect([features[0]!.columns, used.ran, used.count]).toEqual([POSITIONS, 1, SAMPLES]);
  });

  it('refuses options that are none', async () => {
    await expect(measureFeatures(runnable, inputs, { batch: 0 })).rejects.toThrow('invalid batch: 0');
    await expect(measureFeatures(runnable, inputs, { twin: true } as object)).rejects.toThrow(
      'unknown option: twin',
    );
  });
});
