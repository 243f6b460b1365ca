import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openInputs } from '../../src/features/inputs/open-inputs.js';
import { openRunnable } from '../../src/features/running/open-runnable.js';
import { openModel } from '../../src/formats/open-model.js';
import { applyPlan, compareOutputs } from '../../src/plan/apply-plan.js';
import { planModel } from '../../src/plan/plan-model.js';

const fixtures = join(__dirname, 'fixtures');
const base = mkdtempSync(join(tmpdir(), 'rankscope-onnx-plan-'));
afterAll(() => rmSync(base, { recursive: true }));

/** Opens a model with its inputs, plans what is chosen and writes the smaller model. */
async function applied(model: string, images: string, layers: (layer: string) => boolean, error = 0.3) {
  const path = join(fixtures, model);
  const [file, runnable] = [await openModel(path), await openRunnable(path)];
  const inputs = await openInputs(join(fixtures, images), runnable.inputs);
  const plan = await planModel(file, runnable, inputs, { error, layers });
  const written = await applyPlan(file, plan, mkdtempSync(join(base, 'model-')));
  const smaller = await openRunnable(written.model!);
  const heldOut = [3, 4, 5];
  const outputs = await compareOutputs(file, [runnable, smaller], inputs, heldOut);
  /** A value of both models on the held-out inputs, with its shape. */
  const both = async (value: string) => {
    const found: { shape: readonly number[]; data: number[] }[] = [];
    for (const one of [runnable, smaller])
      await one.run(await inputs.read(heldOut), [value], (_, { shape, data }) =>
        found.push({ shape, data: Array.from(data) }),
      );
    return found as [(typeof found)[0], (typeof found)[0]];
  };
  const close = () => [file, runnable, smaller].forEach((one) => one.close());
  return { plan, written, runnable, smaller, outputs, both, close };
}

const forms = ['strided', 'added', 'product', 'turned', 'scaled', 'plain'];

describe.each(['split.onnx', 'old.onnx'])('a plan of %s', (model) => {
  it.each(forms)('is written with the response of %s as far off as the plan says', async (name) => {
    const layer = `${name}.weight`;
    const { plan, written, runnable, both, close } = await applied(
      model,
      'images.npy',
      (one) => one === layer,
    );
    const [planned] = plan.layers;
    expect(written).toMatchObject({ applied: [layer], left: [] });
    const { value, axis } = runnable.places.find((place) => place.layer === layer)!.stages.response!;
    const [before, after] = await both(value);
    const { rows, error } = planned!;
    const channels = before.shape.at(axis)!;
    expect(channels).toBe(rows);
    const behind = axis === 1 ? before.shape.slice(2).reduce((size, n) => size * n, 1) : 1;
    const channelOf = (at: number) => Math.floor(at / behind) % rows;
    const means = Array.from({ length: rows }, (_, i) => {
      const own = before.data.filter((_, at) => channelOf(at) === i);
      return own.reduce((sum, number) => sum + number / own.length, 0);
    });
    const rest = Math.hypot(...before.data.map((number, at) => after.data[at]! - number));
    const whole = Math.hypot(...before.data.map((number, at) => number - means[channelOf(at)]!));
    expect(rest / whole).toBeCloseTo(error.heldOut!, 5);
    close();
  });

  it('is written whole, and its layers are two that can be planned again', async () => {
    const { plan, written, smaller, outputs, close } = await applied(model, 'images.npy', () => true);
    expect(written.applied).toEqual(forms.map((name) => `${name}.weight`));
    expect(outputs).toMatchObject([{ output: 'shares', agreement: 1 }]);
    expect(outputs[0]!.error).toBeGreaterThan(0);
    expect(outputs[0]!.error).toBeLessThan(0.3);
    expect(smaller.inputs).toMatchObject([{ name: 'x', dtype: 'float32', shape: [null, 3, 8, 8] }]);
    const sizes = smaller.places.map(({ layer, fanIn, channels }) => [layer, fanIn, channels]);
    const [first] = plan.layers;
    expect(sizes).toContainEqual(['strided.weight/first', 12, first!.rank]);
    expect(sizes).toContainEqual(['strided.weight/second', first!.rank, 12]);
    expect(sizes).toHaveLength(1 + 2 * forms.length);
    close();
  });
});

describe('a layer that cannot be two', () => {
  it('stays, with the reason', async () => {
    const { written, both, close } = await applied('kept.onnx', 'maps.npy', () => true, 0.5);
    expect(written.applied).toEqual(['good.weight']);
    expect(written.left).toEqual([
      { name: 'twice.weight', reason: '2 operations take its weights' },
      { name: 'rows.weight', reason: 'its bias is not a stored number for each channel' },
      { name: 'computed.weight', reason: 'its bias is not a stored number for each channel' },
    ]);
    const [before, after] = await both('h');
    expect(after).toEqual(before);
    close();
  });
});

describe('a model of an early operator set', () => {
  it('stays, with the reason', async () => {
    const { written, close } = await applied('early.onnx', 'vectors.npy', () => true, 0.5);
    const reason = 'its model has operator set 6; two layers need 7';
    expect(written).toMatchObject({ applied: [], left: [{ name: 'good.weight', reason }] });
    close();
  });
});

describe('odd.onnx', () => {
  it('keeps the axes of a response and gives no name twice', async () => {
    const chosen = (layer: string) => layer === 'high.weight';
    const { plan, written, outputs, both, close } = await applied('odd.onnx', 'vectors.npy', chosen, 0.8);
    expect(written).toMatchObject({ applied: ['high.weight'], left: [] });
    const [before, after] = await both('b');
    expect(after.shape).toEqual([1, 1, 3, 12]);
    const mean = (channel: number) =>
      [0, 1, 2].reduce((sum, row) => sum + before.data[12 * row + channel]! / 3, 0);
    const rest = Math.hypot(...before.data.map((number, at) => after.data[at]! - number));
    const whole = Math.hypot(...before.data.map((number, at) => number - mean(at % 12)));
    expect(rest / whole).toBeCloseTo(plan.layers[0]!.error.heldOut!, 5);
    expect(outputs).toMatchObject([
      { output: 'c' },
      { output: 'e', error: 0 },
      { output: 'places', error: 0 },
    ]);
    close();
  });

  it('has no error for an output of another size, and keeps a layer whose bias has too many axes', async () => {
    const { written, outputs, close } = await applied('odd.onnx', 'vectors.npy', () => true, 0.8);
    const reason = 'its bias is not a stored number for each channel';
    expect(written.left).toEqual([{ name: 'wide.weight', reason }]);
    expect(outputs.map(({ output }) => output)).toEqual(['c', 'e', 'places']);
    close();
  });
});
