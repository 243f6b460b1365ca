/**
 * Where theory says what a rank has to be, does the measurement agree? Four predictions, each beside random layers:
 * the largest rank of a block without activations; the largest rank after hard swish where it is a parabola; the
 * share of channels that never fire or are never clipped; and the largest rank that those channels leave to ReLU.
 *
 *     npx tsx experiments/theory.ts [--layers 20] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/theory: the figure `theory` with its data, and theory.json, what was measured; another number of layers
 * to runs/, unless --out is given. docs/theory.md derives the predictions.
 */
import { writeFile } from 'node:fs/promises';
import {
  activations,
  drawLayer,
  layerFeatures,
  linearRankBound,
  meanInterval,
  preactivations,
  quadraticRankBound,
  rank,
  resolveLayerProtocol,
  resolveProtocol,
  shareWithin,
  useBackend,
  writeTable,
  type Layer,
  type LayerAddress,
  type LayerProtocol,
  type Matrix,
} from 'rankscope';
import type { ComparisonPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'theory', full: { layers: 20 } });
const layers = sizes.layers!;
const seed = 2;
const ratios = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

const { tolerances: _, ...fitted } = resolveProtocol('fitted');

/** The largest rank without activations: 64 channels, 4 samples a channel, so that N bounds nothing. */
const linearProtocol = resolveLayerProtocol({ ...fitted, channels: '64:64', samples: '4x' });
const linearSeries: readonly [string, LayerAddress['block'], number][] = [
  ['pointwise, or 3×3 at one pixel', 'conv3x3', 1],
  ['bottleneck, depthwise, 7 × 7 pixels', 'inverted-depthwise', 7],
  ['3×3, 7 × 7 pixels', 'conv3x3', 7],
];

/** Hard swish is a parabola here. Weights and biases are so small that |W x + b| < 3 for up to 14 inputs in [0, 1]. */
const quadraticProtocol = resolveLayerProtocol({
  ...fitted,
  ...{ channels: '128:128', samples: '4x', inputs: 'uniform', normalization: 'none' },
});
const quadraticSeries: readonly [string, Partial<LayerProtocol>][] = [
  ['within (−3, 3), with a bias', { weights: 'uniform:0.2', bias: 'uniform:0.2' }],
  ['within (−3, 3), without', { weights: 'uniform:0.2', bias: 'none' }],
  ['weights ten times as large: beyond ±3', { weights: 'uniform:2', bias: 'uniform:2' }],
];

/** What a channel's inputs to the activation may all lie in. */
const ranges: readonly [string, [number, number]][] = [
  ['never fires: all ≤ 0', [-Infinity, 0]],
  ['never clipped by ReLU: all ≥ 0', [0, Infinity]],
  ['never reaches 6', [-Infinity, 6]],
  ['within (−3, 3)', [-3, 3]],
];
const widths = [8, 16, 32, 64, 128, 256, 512];

async function main(): Promise<void> {
  await useBackend('auto');
  const points = [...linear(), ...quadratic(), ...shares(), ...ceiling()];
  await writeTable(`${out}/theory.csv`, points, 5);
  const record = { seed, layers, fitted, linearProtocol, quadraticProtocol, linearSeries, quadraticSeries };
  await writeFile(`${out}/theory.json`, `${JSON.stringify(record, null, 2)}\n`);
  for (const path of await drawFolder('theory', out)) console.log(path);

  // What to look at first: the largest distance between prediction and measurement in each panel.
  for (const panel of new Set(points.map((point) => point.panel))) {
    const own = points.filter(
      (point) => point.panel === panel && point.theory !== null && point.measured !== null,
    );
    const worst = own.map((point) => Math.abs(point.theory! - point.measured!)).sort((a, b) => b - a);
    console.log(
      `${panel.padEnd(12)}at most ${worst[0]?.toFixed(4)}, half below ${worst[worst.length >> 1]?.toFixed(4)}`,
    );
  }
}

function* linear(): Generator<ComparisonPoint> {
  for (const [series, block, spatial] of linearSeries) {
    const protocol = resolveLayerProtocol({ ...linearProtocol, spatial });
    for (const ratio of ratios) {
      const drawn = layersAt({ block, dimensionRatio: ratio }, protocol);
      const bounds = drawn.map(({ sizes }) => linearRankBound(block, sizes, protocol) / sizes.dOut);
      const measured = drawn.map((layer) =>
        ratioOf(layerFeatures(layer, activations.linear).output!, 'numpy'),
      );
      yield comparison('linear', series, ratio, mean(bounds), measured, 1 / 64);
    }
  }
}

function* quadratic(): Generator<ComparisonPoint> {
  for (const [series, choices] of quadraticSeries) {
    const protocol = resolveLayerProtocol({ ...quadraticProtocol, ...choices });
    for (let dIn = 1; dIn <= 14; dIn++) {
      const drawn = layersAt({ block: 'pointwise', dimensionRatio: dIn / 128 }, protocol);
      const features = drawn.map((layer) => layerFeatures(layer, activations.hardSwish).output!);
      // float32 features: their rounding lies at some 1e-8 of the largest singular value
      const measured = features.map((matrix) => rank(matrix, { tolerance: 'relative:3e-7' }).rank / 128);
      const inside = series.startsWith('within');
      const bound = quadraticRankBound(drawn[0]!.sizes, protocol.bias !== 'none') / 128;
      yield comparison('quadratic', series, dIn, inside ? bound : null, measured, 1 / 128);
    }
  }
}

function* shares(): Generator<ComparisonPoint> {
  for (const [series, [low, high]] of ranges) {
    for (const width of widths) {
      const protocol = resolveLayerProtocol({ ...fitted, channels: `${width}:${width}` });
      const drawn = layersAt({ block: 'pointwise', dimensionRatio: 0.5 }, protocol);
      const measured = drawn.map((layer) => {
        const inputs = layerFeatures(layer, activations.linear).output!;
        return channelsWithin(inputs, low, high) / width;
      });
      const { sizes } = drawn[0]!;
      const predicted = shareWithin([low, high], preactivations(sizes, protocol), sizes.columns);
      yield comparison('shares', series, width, predicted, measured, 1 / width);
    }
  }
}

/**
 * The ceiling of ReLU. Channels that never fire add no rank, channels that are never clipped only that of a linear
 * layer.
 */
function* ceiling(): Generator<ComparisonPoint> {
  for (const dimensionRatio of ratios.filter((ratio) => ratio >= 0.1)) {
    const drawn = layersAt({ block: 'pointwise', dimensionRatio }, fitted);
    const predicted: number[] = [];
    const counted: number[] = [];
    const measured: number[] = [];
    for (const layer of drawn) {
      const { dOut, columns } = layer.sizes;
      const bound = linearRankBound('pointwise', layer.sizes, fitted);
      const spread = preactivations(layer.sizes, fitted);
      const silent = dOut * shareWithin([-Infinity, 0], spread, columns);
      const open = dOut * shareWithin([0, Infinity], spread, columns);
      predicted.push((dOut - silent - Math.max(0, open - bound)) / dOut);
      const inputs = layerFeatures(layer, activations.linear).output!;
      const [never, always] = [channelsWithin(inputs, -Infinity, 0), channelsWithin(inputs, 0, Infinity)];
      counted.push((dOut - never - Math.max(0, always - bound)) / dOut);
      measured.push(ratioOf(layerFeatures(layer, activations.relu).output!, 'numpy'));
    }
    const step = mean(drawn.map(({ sizes }) => 1 / sizes.dOut));
    yield comparison(
      'ceiling',
      'largest rank: predicted, and counted',
      dimensionRatio,
      mean(predicted),
      counted,
      step,
    );
    yield comparison(
      'ceiling',
      'rank ratio of ReLU, numpy’s tolerance',
      dimensionRatio,
      null,
      measured,
      step,
    );
  }
}

function layersAt(point: Pick<LayerAddress, 'block' | 'dimensionRatio'>, protocol: LayerProtocol): Layer[] {
  return Array.from({ length: layers }, (_, index) => drawLayer({ seed, index, ...point }, protocol));
}

function channelsWithin({ data, rows, columns }: Matrix, low: number, high: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const channel = data.subarray(row * columns, (row + 1) * columns);
    if (channel.every((x) => low <= x && x <= high)) count++;
  }
  return count;
}

const ratioOf = (matrix: Matrix, tolerance: string) => rank(matrix, { tolerance }).rankRatio;
const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

function comparison(
  panel: string,
  series: string,
  x: number,
  theory: number | null,
  numbers: readonly number[],
  step: number,
): ComparisonPoint {
  const [low, high] = meanInterval(numbers, step);
  return { panel, series, x, theory, measured: mean(numbers), low, high };
}

void main();
