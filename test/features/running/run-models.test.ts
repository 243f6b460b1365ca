import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { collectGrams } from '../../../src/features/sums/collect-grams.js';
import type { FeatureGram } from '../../../src/features/sums/collect-grams.js';
import type { FeatureStage } from '../../../src/features/running/feature-places.js';
import { measureFeatures } from '../../../src/features/measure-features.js';
import { openInputs } from '../../../src/features/inputs/open-inputs.js';
import { openRunnable } from '../../../src/features/running/open-runnable.js';
import type { Skipped } from '../../../src/formats/model-file.js';
import { openModel } from '../../../src/formats/open-model.js';

const fixture = (name: string) => join(__dirname, '../fixtures', name);
const stages: readonly FeatureStage[] = ['response', 'before', 'after'];

/** What torch computed, by `layer.stage.gram` and `layer.stage.sums`. */
const expected = new Map<string, ArrayLike<number>>();
beforeAll(async () => {
  const file = await openModel(fixture('expected.npz'));
  for (const { name, shape, read } of file.tensors)
    expected.set(
      name,
      await read(
        0,
        shape.reduce((product, n) => product * n, 1),
      ),
    );
  file.close();
});

async function gramsOf(model: string, inputs: string): Promise<{ grams: FeatureGram[]; skipped: Skipped[] }> {
  const runnable = await openRunnable(fixture(model), 'wasm');
  const source = await openInputs(fixture(inputs), runnable.inputs);
  const grams: FeatureGram[] = [];
  const skipped: Skipped[] = [];
  const options = { stages, onSkipped: (one: Skipped) => skipped.push(one) };
  for await (const gram of collectGrams(runnable, source, options)) grams.push(gram);
  skipped.push(...runnable.skipped);
  source.close?.();
  runnable.close();
  return { grams, skipped };
}

const keyOf = ({ layer, stage }: FeatureGram) => `${layer.split(/[./]/)[0]}.${stage}`;

describe.each([
  ['net.onnx', 'images-nchw.npy', []],
  ['keras', 'images-nhwc.npy', []],
  // its hidden layer has a ReLU, so that an activation is fused into a product
  ['graph', 'images-nhwc.npy', ['hidden.after', 'scores.before']],
])('the features of %s', (model, inputs, without: readonly string[]) => {
  it('agree with torch to the rounding of float32', async () => {
    const { grams, skipped } = await gramsOf(model, inputs);
    expect(skipped).toEqual([]);
    const found = new Map(grams.map((gram) => [keyOf(gram), gram]));
    const wanted = [...expected.keys()].filter((key) => key.endsWith('.gram')).map((key) => key.slice(0, -5));
    expect(wanted).toHaveLength(11);
    for (const key of wanted.filter((one) => !without.includes(one))) {
      const gram = found.get(key)!;
      const [entries, sums] = [expected.get(`${key}.gram`)!, expected.get(`${key}.sums`)!];
      expect(gram.channels ** 2, key).toBe(entries.length);
      const largest = Math.max(...Array.from(entries, Math.abs));
      for (const [i, value] of gram.gram.entries())
        expect(Math.abs(value - entries[i]!), key).toBeLessThan(1e-6 * largest);
      const scale = Math.sqrt(largest * gram.columns);
      for (const [i, value] of gram.sums.entries())
        expect(Math.abs(value - sums[i]!), key).toBeLessThan(1e-6 * scale);
    }
  });
});

it('splits inputs into parts, each with its own sums, layer by layer', async () => {
  const runnable = await openRunnable(fixture('net.onnx'));
  const source = await openInputs(fixture('images-nchw.npy'), runnable.inputs);
  const rows: FeatureGram[] = [];
  const parts = [
    [4, 0],
    [1, 2, 3],
  ];
  for await (const gram of collectGrams(runnable, source, { parts, stages: ['before'], memoryBytes: 1 }))
    rows.push(gram);
  expect(rows.slice(0, 4).map(({ layer, part, columns }) => [layer, part, columns])).toEqual([
    ['stem.weight', 0, 128],
    ['stem.weight', 1, 192],
    ['deep.weight', 0, 128],
    ['deep.weight', 1, 192],
  ]);
  const entries = expected.get('stem.before.gram')!;
  for (const [i, value] of rows[0]!.gram.entries())
    expect(Math.abs(value + rows[1]!.gram[i]! - entries[i]!)).toBeLessThan(1e-6 * Math.abs(entries[0]!));
  await expect(collectGrams(runnable, source, { parts: [[5]] }).next()).rejects.toThrow(
    'invalid input: 5 (allowed: a whole number from 0 to 4)',
  );
  runnable.close();
});

describe('what cannot be had', () => {
  it('is what an operation that cannot run makes; the features before it are given', async () => {
    const { grams, skipped } = await gramsOf('strange.onnx', 'images-nchw.npy');
    expect([...new Set(grams.map(keyOf))]).toEqual([
      ...['stem.response', 'stem.before', 'stem.after'],
      ...['deep.response', 'deep.before', 'deep.after'],
    ]);
    expect(skipped[0]).toMatchObject({ name: 'wide.weight', reason: expect.stringContaining('Strange') });
  });

  it('is what has a NaN, named by its layer', async () => {
    const runnable = await openRunnable(fixture('nan.onnx'));
    const source = await openInputs(fixture('images-nchw.npy'), runnable.inputs);
    const { features, skipped } = await measureFeatures(runnable, source, { reference: false });
    runnable.close();
    expect(features.map(({ layer }) => layer)).toEqual(['stem.weight']);
    expect(skipped.map(({ name }) => name)).toEqual(['deep.weight', 'wide.weight']);
    expect(skipped[0]!.reason).toMatch(/^features of d: invalid matrix entry: NaN/);
  });

  it('is what lies in a body; token ids are whole numbers', async () => {
    const { grams, skipped } = await gramsOf('tokens.onnx', 'ids.npy');
    expect(grams.map(({ layer, stage, columns }) => [layer, stage, columns])).toEqual([
      ['table', 'response', 42],
      ['table', 'before', 42],
      ['product', 'response', 42],
      ['product', 'before', 42],
      ['product', 'after', 42],
    ]);
    expect(skipped).toEqual([
      { name: 'If_0/then/inner', reason: 'it lies in the body of If If_0, whose values cannot be read' },
    ]);
  });
});

describe('errors', () => {
  it.each([
    ['net.onnx', 'images-nhwc.npy', 'x float32 [any, 3, 8, 8]'],
    ['keras', 'images-nchw.npy', 'x float32 [any, 8, 8, 3]'],
    ['tokens.onnx', 'images-nhwc.npy', 'ids int64 [any, 7]'],
  ])('name the inputs of %s where a shape is wrong', async (model, inputs, wanted) => {
    const runnable = await openRunnable(fixture(model), 'wasm');
    await expect(openInputs(fixture(inputs), runnable.inputs)).rejects.toThrow(wanted);
    runnable.close();
  });

  it.each([
    ['../../formats/fixtures/model.h5', 'tensorflowjs_converter'],
    ['../../formats/fixtures/checkpoint.pth', 'ONNX or TensorFlow.js'],
  ])('say how %s could run', async (model, remedy) => {
    await expect(openRunnable(fixture(model))).rejects.toThrow(remedy);
  });

  it.each([
    ['onnxruntime-web', 'net.onnx'],
    ['@tensorflow/tfjs-layers', 'keras'],
    ['@tensorflow/tfjs-converter', 'graph'],
  ])('name %s where it is not installed', async (name, model) => {
    vi.resetModules();
    // the native runtime would take the place of the one on WebAssembly
    const gone = [name, 'onnxruntime-node'];
    for (const one of gone)
      vi.doMock(one, () => {
        throw new Error(`Cannot find package '${one}'`);
      });
    const { openRunnable: open } = await import('../../../src/features/running/open-runnable.js');
    await expect(open(fixture(model), 'wasm')).rejects.toThrow(
      new RegExp(`^missing package: ${name} \\(.*npm install ${name}\\)`),
    );
    for (const one of gone) vi.doUnmock(one);
  });
});
