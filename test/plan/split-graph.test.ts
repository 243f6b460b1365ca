import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInputs } from '../../src/features/inputs/open-inputs.js';
import { openRunnable } from '../../src/features/running/open-runnable.js';
import type { Runnable } from '../../src/features/running/runnable.js';
import { openModel } from '../../src/formats/open-model.js';
import { useBackend } from '../../src/layers/backend.js';
import { applyPlan, compareOutputs } from '../../src/plan/apply-plan.js';
import { planModel } from '../../src/plan/plan-model.js';
import { turned } from '../../src/plan/split-graph.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-split-'));
afterAll(() => rmSync(base, { recursive: true }));
beforeAll(() => useBackend('cpu'));

const SIZE = 12;
const stream = createStream(5, 'split');
const normal = (length: number) => fillNormal(stream, new Float32Array(length));
/** Returns a kernel of 12 x 12 with three large directions. */
function kernel(): Float32Array {
  const [left, right, rest] = [normal(3 * SIZE), normal(3 * SIZE), normal(SIZE * SIZE)];
  return Float32Array.from({ length: SIZE * SIZE }, (_, at) => {
    const [i, j] = [Math.floor(at / SIZE), at % SIZE];
    return [0, 1, 2].reduce((sum, k) => sum + left[k * SIZE + i]! * right[k * SIZE + j]!, 0.05 * rest[at]!);
  });
}

type Weights = Record<string, { shape: number[]; data: Float32Array }>;
const matrix = () => ({ shape: [SIZE, SIZE], data: kernel() });
const filter = () => ({ shape: [1, 1, SIZE, SIZE], data: kernel() });
const vector = (...shape: number[]) => ({ shape, data: normal(SIZE) });

function write(name: string, model: object, weights: Weights): string {
  const folder = join(base, name);
  mkdirSync(folder);
  const specs = Object.entries(weights).map(([one, { shape }]) => ({ name: one, shape, dtype: 'float32' }));
  const all = Object.values(weights).map(({ data }) => Buffer.from(data.buffer));
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(all));
  const weightsManifest = [{ paths: ['weights.bin'], weights: specs }];
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...model, weightsManifest }));
  return join(folder, 'model.json');
}

const b64 = (text: string) => ({ s: Buffer.from(text).toString('base64') });
type Operation = readonly [name: string, op: string, ...inputs: string[]];

function writeGraph(
  name: string,
  shape: number[],
  operations: readonly Operation[],
  weights: Weights,
  outputs: string[],
) {
  const attr = {
    ...{ T: { type: 'DT_FLOAT' }, padding: b64('SAME'), data_format: b64('NHWC') },
    strides: { list: { i: ['1', '1', '1', '1'] } },
    dilations: { list: { i: ['1', '1', '1', '1'] } },
  };
  const dim = [-1, ...shape].map((size) => ({ size: String(size) }));
  const node = [
    { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } } },
    ...Object.keys(weights).map((one) => ({
      ...{ name: one, op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
    })),
    ...operations.map(([one, op, ...input]) => ({ name: one, op, input, attr })),
  ];
  const signature = { outputs: Object.fromEntries(outputs.map((one) => [one, { name: `${one}:0` }])) };
  return write(name, { format: 'graph-model', modelTopology: { node, versions: {} }, signature }, weights);
}

function writeInputs(path: string, shape: readonly number[]): string {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text}\n`, 'latin1');
  const numbers = normal(shape.reduce((product, size) => product * size, 1));
  writeFileSync(path, Buffer.concat([head, Buffer.from(numbers.buffer)]));
  return path;
}

const heldOut = [6, 7, 8, 9, 10, 11];

/** Plans a model and writes the chosen layers as two. */
async function split(path: string, shape: readonly number[], chosen?: string) {
  const [file, runnable] = [await openModel(path), await openRunnable(path, 'cpu', { asGraph: true })];
  const images = writeInputs(join(mkdtempSync(join(base, 'x-')), 'x.npy'), [12, ...shape]);
  const inputs = await openInputs(images, runnable.inputs);
  const layers = (one: string) => chosen === undefined || one === chosen;
  const plan = await planModel(file, runnable, inputs, { error: 0.3, layers });
  const applied = await applyPlan(file, plan, mkdtempSync(join(base, 'out-')));
  const smaller = await openRunnable(applied.model!, 'cpu', { asGraph: true });
  const outputs = await compareOutputs(file, [runnable, smaller], inputs, heldOut);
  /** Returns a value on the held-out inputs, with its shape. */
  const valueOf = async (model: Runnable, value: string) => {
    const found: number[] = [];
    let size: readonly number[] = [];
    await model.run(await inputs.read(heldOut), [value], (_, numbers) => {
      found.push(...numbers.data);
      size = numbers.shape;
    });
    return { found, size };
  };
  /** Returns how far the response of a layer is off, relative to its variation. */
  const errorOf = async (layer: string) => {
    const { value } = runnable.places.find((place) => place.layer === layer)!.stages.response!;
    const [before, after] = [await valueOf(runnable, value), await valueOf(smaller, value)];
    expect(after.size).toEqual(before.size);
    const count = before.found.length / SIZE;
    const means = Array.from({ length: SIZE }, (_, i) =>
      before.found.reduce((sum, number, at) => (at % SIZE === i ? sum + number / count : sum), 0),
    );
    const rest = Math.hypot(...before.found.map((number, at) => after.found[at]! - number));
    return rest / Math.hypot(...before.found.map((number, at) => number - means[at % SIZE]!));
  };
  const close = () => [smaller, runnable, file].forEach((one) => one.close());
  return { plan, applied, outputs, errorOf, close };
}

describe('a layer of a TensorFlow graph', () => {
  it.each<[string, Operation[], Weights, string[]]>([
    [
      'whose bias lies behind an Identity',
      [
        ['i', 'Identity', 'b'],
        ['c', 'MatMul', 'x', 'w'],
        ['d', 'BiasAdd', 'c', 'i'],
        ['y', 'Relu', 'd'],
      ],
      { w: matrix(), b: vector(SIZE) },
      ['y'],
    ],
    [
      'whose response without its bias is an output',
      [
        ['c', 'MatMul', 'x', 'w'],
        ['d', 'AddV2', 'c', 'b'],
        ['y', 'Relu', 'd'],
      ],
      { w: matrix(), b: vector(SIZE) },
      ['c', 'y'],
    ],
    [
      'whose response is added to itself',
      [
        ['c', 'MatMul', 'x', 'w'],
        ['d', 'AddV2', 'c', 'c'],
        ['y', 'Relu', 'd'],
      ],
      { w: matrix() },
      ['y'],
    ],
    [
      'with the names of the new nodes in use',
      [
        ['w/second', 'MatMul', 'x', 'w'],
        ['w/first', 'BiasAdd', 'w/second', 'b'],
        ['w/second/first', 'Relu', 'w/first'],
        ['y', 'MatMul', 'w/second/first', 'w/bias'],
      ],
      { w: matrix(), 'w/bias': matrix(), b: vector(SIZE) },
      ['y'],
    ],
  ])('%s is written with the error of the plan', async (name, operations, weights, outputs) => {
    const path = writeGraph(name, [SIZE], operations, weights, outputs);
    const found = await split(path, [SIZE], 'w');
    expect(found.applied).toMatchObject({ applied: ['w'], left: [] });
    expect(await found.errorOf('w')).toBeCloseTo(found.plan.layers[0]!.error.heldOut!, 5);
    expect(found.outputs.map(({ output }) => output)).toEqual(outputs);
    found.close();
  });

  it.each<[string, string, Weights, number[]]>([
    ['along the rows', 'Conv2D', { w: filter(), b: vector(SIZE, 1, 1) }, [SIZE, 4, SIZE]],
    ['along the columns', 'Conv2D', { w: filter(), b: vector(1, 1, SIZE, 1) }, [4, SIZE, SIZE]],
    ['of more axes than the response', 'MatMul', { w: matrix(), b: vector(1, 1, SIZE) }, [SIZE]],
  ])('with a bias %s stays, with the reason', async (name, op, weights, shape) => {
    const operations: Operation[] = [
      ['c', op, 'x', 'w'],
      ['d', 'AddV2', 'c', 'b'],
      ['y', 'Relu', 'd'],
    ];
    const found = await split(writeGraph(name, shape, operations, weights, ['y']), shape);
    const reason = 'its bias is not a stored number for each channel';
    expect(found.applied).toMatchObject({ applied: [], left: [{ name: 'w', reason }] });
    expect(found.outputs).toMatchObject([{ error: 0 }]);
    found.close();
  });

  it('can be split again', async () => {
    const operations: Operation[] = [
      ['c', 'Conv2D', 'x', 'w'],
      ['d', 'BiasAdd', 'c', 'b'],
      ['y', 'Relu', 'd'],
    ];
    const shape = [4, 4, SIZE];
    const once = await split(
      writeGraph('again', shape, operations, { w: filter(), b: vector(SIZE) }, ['y']),
      shape,
    );
    const { plan, applied } = await resplit(once.applied.model!, shape);
    expect(plan.layers.map(({ layer }) => layer)).toEqual(['w/first', 'w/second']);
    expect(applied).toMatchObject({ applied: ['w/first', 'w/second'], left: [] });
    once.close();
  });
});

/** Plans a written model again and splits all of its layers, whether that saves or not. */
async function resplit(path: string, shape: readonly number[]) {
  const [file, runnable] = [await openModel(path), await openRunnable(path, 'cpu', { asGraph: true })];
  const images = writeInputs(join(mkdtempSync(join(base, 'x-')), 'x.npy'), [12, ...shape]);
  const inputs = await openInputs(images, runnable.inputs);
  const found = await planModel(file, runnable, inputs, { error: 1e-6 });
  const plan = { ...found, layers: found.layers.map((layer) => ({ ...layer, saves: true })) };
  const applied = await applyPlan(file, plan, mkdtempSync(join(base, 'out-')));
  const smaller = await openRunnable(applied.model!, 'cpu', { asGraph: true });
  const [output] = await compareOutputs(file, [runnable, smaller], inputs, heldOut);
  // the ranks are those of the layers, so that nothing is lost
  expect(output!.error).toBeLessThan(1e-5);
  for (const one of [smaller, runnable, file]) one.close();
  return { plan, applied };
}

describe('a sequence of Keras that begins without an InputLayer', () => {
  const dense = (name: string, more: object) => ({
    class_name: 'Dense',
    config: { name, units: SIZE, use_bias: true, activation: 'relu', ...more },
  });
  const weightsOf = (names: string[]) =>
    Object.fromEntries(
      names.flatMap((name) => [
        [`${name}/kernel`, matrix()],
        [`${name}/bias`, vector(SIZE)],
      ]),
    ) as Weights;

  it('is planned and written, twice', async () => {
    const names = ['a', 'a_first'];
    const layers = [
      dense('a', { batch_input_shape: [null, SIZE] }),
      dense('a_first', { activation: 'linear' }),
    ];
    const config = { class_name: 'Sequential', config: { name: 'sequence', layers } };
    const path = write(
      'sequence',
      { format: 'layers-model', modelTopology: { model_config: config } },
      weightsOf(names),
    );
    const whole = await split(path, [SIZE]);
    expect(whole.applied).toMatchObject({ applied: ['a/kernel', 'a_first/kernel'], left: [] });
    expect(whole.outputs.map(({ output }) => output)).toEqual(['a_first']);
    const [first] = whole.plan.layers;
    expect(await whole.errorOf('a/kernel')).toBeCloseTo(first!.error.heldOut!, 5);
    const again = await resplit(whole.applied.model!, [SIZE]);
    expect(again.applied.applied).toHaveLength(4);
    whole.close();
  });
});

describe('turned', () => {
  it('keeps the digits of float64', () => {
    expect([...turned(Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), 2, 3)]).toEqual([
      0.1, 0.4, 0.2, 0.5, 0.3, 0.6,
    ]);
  });
});
