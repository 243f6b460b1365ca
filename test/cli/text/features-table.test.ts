import { expect, it } from 'vitest';
import { featuresTable } from '../../../src/cli/text/features-table.js';
import type { ModelFeatures } from '../../../src/features/measure-features.js';

it('explains no columns where every layer is left out', () => {
  const measured = {
    ...{ file: 'net.onnx', format: 'onnx', runner: 'onnxruntime-web' },
    inputs: { words: '2 of 2 samples in x.npy', settings: { arrays: [] }, ran: 2, count: 2 },
    features: [],
    skipped: [{ name: 'W', reason: 'features of h: invalid matrix entry: NaN' }],
  } as unknown as ModelFeatures;
  expect(featuresTable(measured, { all: false }).split('\n').slice(-4)).toEqual([
    'No layer has features.',
    '',
    'left out: W: features of h: invalid matrix entry: NaN',
    '',
  ]);
});
