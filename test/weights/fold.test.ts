import { describe, expect, it } from 'vitest';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import type { Layout, ModelFile, NamedTensor } from '../../src/formats/model-file.js';
import type { GraphNode } from '../../src/formats/model-graph.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { measureLayerWeights } from '../../src/weights/measure-layer-weights.js';
import { measureWeights, resolveWeightOptions } from '../../src/weights/measure-weights.js';

function tensor(name: string, shape: readonly number[], data: Float32Array, layout?: Layout): NamedTensor {
  const read: NamedTensor['read'] = (start, count) => Promise.resolve(data.slice(start, start + count));
  return { name, aliases: [], shape, dtype: 'float32', layout, read };
}

function normals(count: number, label: string): Float32Array {
  return fillNormal(createStream(3, label), new Float32Array(count));
}

const EPSILON = 0.01;
const WIDTH = 3;

/** A convolution of 6 channels in groups with a normalization behind it, of which the first channel is nearly off. */
function modelOf(groups: number, layout: Layout, shape: readonly number[]) {
  const length = shape.reduce((product, n) => product * n, 1);
  const data = normals(length, `${layout.kind} ${groups}`);
  const gamma = normals(6, 'gamma').map((x, i) => (i === 0 ? 1e-9 : x));
  const variance = normals(6, 'variance').map((x) => x * x);
  const node = (op: string, inputs: string[], outputs: string[], attributes: object = {}): GraphNode => ({
    ...{ name: op, op, inputs, outputs },
    attributes: new Map(Object.entries(attributes)) as GraphNode['attributes'],
  });
  const op = layout.kind === 'convolution' ? 'Conv' : 'ConvTranspose';
  const model: ModelFile = {
    format: 'onnx',
    path: 'grouped.onnx',
    tensors: [
      tensor('w', shape, data, { ...layout, groups }),
      tensor('gamma', [6], gamma),
      tensor('beta', [6], normals(6, 'beta')),
      tensor('mean', [6], normals(6, 'mean')),
      tensor('variance', [6], variance),
    ],
    skipped: [],
    notes: [],
    graph: {
      nodes: [
        node(op, ['x', 'w'], ['c'], { group: groups }),
        node('BatchNormalization', ['c', 'gamma', 'beta', 'mean', 'variance'], ['n'], { epsilon: EPSILON }),
      ],
      inputs: [{ name: 'x' }],
      outputs: [{ name: 'n' }],
    },
    close: () => undefined,
  };
  const factors = Float64Array.from(gamma, (g, i) => g / Math.sqrt(variance[i]! + EPSILON));
  return { model, data, factors };
}

/** The rows of each group times the factors of its channels. */
function expectedGroups(rows: number, columns: number, place: (channel: number, column: number) => number) {
  return (data: Float32Array, factors: Float64Array): Float32Array[] =>
    Array.from({ length: 6 / rows }, (_, group) =>
      Float32Array.from({ length: rows * columns }, (_entry, at) => {
        const channel = group * rows + Math.floor(at / columns);
        return data[place(channel, at % columns)]! * factors[channel]!;
      }),
    );
}

/** Per group of the convolution: 2 inputs, 3 x 3. */
const COLUMNS = 2 * WIDTH ** 2;
const cases = [
  {
    name: 'a convolution in two groups',
    ...modelOf(2, { kind: 'convolution', rows: [0], columns: [1, 2, 3] }, [6, 2, WIDTH, WIDTH]),
    rows: 3,
    groups: expectedGroups(3, COLUMNS, (channel, column) => channel * COLUMNS + column),
  },
  {
    // the tensor is [inputs, outputs of a group, 3, 3]: the groups lie along the inputs, 2 inputs and 2 outputs each
    name: 'a transposed convolution in three groups',
    ...modelOf(3, { kind: 'transposed convolution', rows: [1], columns: [0, 2, 3] }, [6, 2, WIDTH, WIDTH]),
    rows: 2,
    groups: expectedGroups(2, COLUMNS, (channel, column) => {
      const [group, output] = [Math.floor(channel / 2), channel % 2];
      const [input, cell] = [Math.floor(column / 9), column % 9];
      return ((2 * group + input) * 2 + output) * 9 + cell;
    }),
  },
];

describe.each(cases)('$name, folded', ({ model, data, factors, rows, groups }) => {
  it('has in each group the factors of its own channels', async () => {
    const { layers } = await measureWeights(model, { fold: true, tolerances: ['relative:1e-6'] });
    const expected = groups(data, factors);
    expect(layers.map(({ name }) => name)).toEqual(expected.map((_, i) => `w[group ${i}]`));
    for (const [i, layer] of layers.entries()) {
      const values = singularValues({ data: expected[i]!, rows, columns: COLUMNS });
      layer.spectrum.forEach((value, k) =>
        expect(Math.abs(value - values[k]!)).toBeLessThan(1e-6 * values[0]!),
      );
      expect(layer.notes).toContain('folded with BatchNormalization');
      expect(layer.normalization).toMatchObject({ known: true, folded: true });
      // the channel that is nearly off
      expect(layer.ranks[0]!.rank).toBe(i === 0 ? rows - 1 : rows);
    }
  });

  it('is the same in pieces, and another matrix than the layer as it is', async () => {
    const [first] = layersOf(model).layers;
    const settings = resolveWeightOptions({ fold: true, tolerances: ['relative:1e-6'] });
    const whole = await measureLayerWeights(first!, settings);
    for (const baseline of ['permuted', 'none'] as const) {
      const pieces = await measureLayerWeights(first!, { ...settings, baseline }, 0);
      pieces.spectrum.forEach((value, i) =>
        expect(Math.abs(value - whole.spectrum[i]!)).toBeLessThan(1e-6 * whole.largest),
      );
      expect(pieces.ranks[0]!.rank).toBe(rows - 1);
    }
    const plain = await measureLayerWeights(first!, { ...settings, fold: false });
    expect(plain.ranks[0]!.rank).toBe(rows);
    expect(plain.normalization).toMatchObject({ known: true, folded: false });
  });
});

describe('float64 numbers whose squares overflow', () => {
  const big = (scale: number): NamedTensor => ({
    ...{ name: `at ${scale}`, aliases: [], shape: [4, 5], dtype: 'float64' },
    layout: { kind: 'linear', rows: [0], columns: [1] },
    read: (start, count) =>
      Promise.resolve(Float64Array.from({ length: count }, (_, i) => scale * Math.sin(1 + (start + i) ** 2))),
  });
  const modelWith = (...scales: number[]): ModelFile => ({
    ...{ format: 'npz', path: 'large.npz', tensors: scales.map(big), skipped: [], notes: [] },
    close: () => undefined,
  });

  it('are left out with the reason, and the rest is measured', async () => {
    const { layers, skipped } = await measureWeights(modelWith(1e200, 1e150, 1), {
      tolerances: ['relative:0.01'],
    });
    expect(skipped).toEqual([
      { name: 'at 1e+200', reason: 'numbers above 1e154, whose squares overflow: divide them first' },
    ]);
    expect(layers.map(({ name }) => name)).toEqual(['at 1e+150', 'at 1']);
    const [large, small] = layers;
    expect(large!.ranks).toEqual(small!.ranks);
    large!.spectrum.forEach((value, i) => expect(value / 1e150 / small!.spectrum[i]!).toBeCloseTo(1, 12));
  });

  it('are an error where nothing else is there', async () => {
    await expect(measureWeights(modelWith(1e160))).rejects.toThrow(
      /^invalid model: large\.npz .*at 1e\+160: numbers above 1e154, whose squares overflow: divide them first/,
    );
  });
});
