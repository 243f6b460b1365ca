import { claimFigure } from '../../../src/plots/figures/claim-map.js';
import { compareFigure, type ComparedLayer } from '../../../src/plots/figures/compare.js';
import { comparisonFigure } from '../../../src/plots/figures/comparison.js';
import { channelGroups } from '../../../src/networks/channel-groups.js';
import { channelsFigure } from '../../../src/plots/figures/channels/channels.js';
import { curveFigure } from '../../../src/plots/figures/curve/curve.js';
import { depthFigure } from '../../../src/plots/figures/depth.js';
import type { Figure, FigureOptions } from '../../../src/plots/render/figure.js';
import { latencyFigure } from '../../../src/plots/figures/latency.js';
import { expansionPathFigure } from '../../../src/plots/figures/expansion-path.js';
import { expansionShareFigure } from '../../../src/plots/figures/expansion-share.js';
import { metricFigure } from '../../../src/plots/figures/metric-curves.js';
import { activationNames } from '../../../src/activations/definitions.js';
import { scalabilityFigure } from '../../../src/plots/figures/scalability.js';
import { scalabilityPoints } from '../../../src/report/scalability-points.js';
import { spectrumFigure } from '../../../src/plots/figures/spectrum/spectrum.js';
import { toleranceFigure } from '../../../src/plots/figures/tolerance-map.js';
import { figure1Points } from '../../../src/published/figure-1.js';
import { smallClaims, smallComparison, smallExpansion, smallLatency, smallMetrics } from './small-results.js';
import { smallCurve, smallSpectra } from './small-data.js';
import { smallPhase, smallPrediction } from './small-prediction.js';
import { phaseFigure } from '../../../src/plots/figures/phase.js';
import { smallDepth } from './small-depth.js';
import { featuresFigure, type FeatureLayer } from '../../../src/plots/figures/feature-ranks.js';
import { modelFigure, type ModelLayer } from '../../../src/plots/figures/model-ranks.js';
import { analyseSearch } from '../../../src/search/analyse-search.js';
import { rankAccuracyFigure } from '../../../src/plots/figures/rank-accuracy.js';
import { searchFigure } from '../../../src/plots/figures/search.js';
import { simulatedRows } from '../../search/simulate.js';
import { trainingFigure } from '../../../src/plots/figures/training.js';
import { smallTraining, smallTrainingRanks } from './small-training.js';

const smallSearch = () => simulatedRows({ slope: 2, designs: 0.4, seeds: 0.4 }, 'figure', 5).slice(0, 34);

const smallRanks = () =>
  smallSearch().map(({ design, channels, macs, testAccuracy: accuracy }, i) => ({
    ...{ search: design % 2 === 0 ? 'a "budget"' : 'another', channels, macs, accuracy },
    ...{ before: 0.4 + 0.01 * ((7 * i) % 10), after: 0.6 + accuracy / 10 },
  }));

const smallModel = (): ModelLayer[] =>
  ['stem', 'a[0]."b"', 'head'].map((name, i) => ({
    ...{ name, kind: 'linear', rows: 32, columns: 16 * (i + 1) },
    ranks: [{ rule: 'numpy', rank: 12 + i, lower: 12, upper: 16, certified: true, rankRatio: 0.4, shareOfFull: 0.8 }],
    signalRank: { rank: 12, lower: 12, upper: 12, certified: true, floor: 1e-6 },
    adapter: null,
    metrics: {
      ...{ stableRank: 3, effectiveRank: 9.5, participationRatio: 5, spectralEntropy: 2, nuclearNorm: 40 },
      conditionNumber: null,
    },
  }));

const smallCompared = (): ComparedLayer[] =>
  ['stem', 'a[0]."b"', 'constructor'].map((name, i) => ({
    ...{ name, kind: 'linear', rows: 32, columns: 16 * (i + 1) },
    difference: {
      relativeNorm: i === 2 ? null : 0.1 * (i + 1),
      holding: [0.05, 0.1].map((error, k) => ({ error, rank: 9 - k - i, lower: 1, upper: 9, certified: false })),
    },
    subspaces: i === 1 ? null : { dimension: 2, left: [1, 30 + i], right: [2, 40 + i], gaps: [0.1, 0.2] },
  }));

const channelLines = [
  { label: 'flat', channels: [16, 16, 24, 24, 96] },
  { label: "o'ther[0]", channels: [16, 20, 40] },
  { label: 'as flat', channels: [16, 16, 24, 24, 96] },
  { label: 'straight', channels: [16, 30, 44, 58], emphasised: true },
];
const channelPanels = [
  { title: 'By block', lines: channelLines },
  { title: 'By relative depth', x: 'relative-depth' as const, lines: channelLines },
];

/** Each kind of figure on small fixed data, with the options that all figures have: the tests of sizes. */
export const sizableFigures: Readonly<Record<string, (options: FigureOptions) => Figure>> = {
  curve: (options) => curveFigure(smallCurve(), options),
  curveOneBlock: (options) => curveFigure(smallCurve({ blocks: ['conv3x3'] }), options),
  curveTolerances: (options) => curveFigure(smallCurve({ tolerances: ['numpy', 'relative:0.01'] }), options),
  channels: (options) => channelsFigure(channelPanels, options),
  scalability: (options) => scalabilityFigure(scalabilityPoints(), options),
  spectrum: (options) => spectrumFigure(...smallSpectra(), options),
  tolerance: (options) => toleranceFigure(smallCurve({ tolerances: ['numpy', 'relative:0.1'] }), options),
  depth: (options) => depthFigure(smallDepth({ seeds: 10 }), options),
  metrics: (options) => metricFigure(smallMetrics(), options),
  claims: (options) => claimFigure(...smallClaims(), options),
  comparison: (options) => comparisonFigure(...smallComparison(), options),
  latency: (options) => latencyFigure(smallLatency(), options),
  model: (options) => modelFigure(smallModel(), options),
  compare: (options) => compareFigure(smallCompared(), options),
  features: (options) => featuresFigure(smallFeatures(), options),
  expansionPath: (options) => expansionPathFigure(smallExpansion(), options),
  expansionShare: (options) => expansionShareFigure(smallExpansion(), options),
};

/** Each figure on small fixed data, without a size: the snapshots, and a gallery of what figures can hold. */
export const figures: Readonly<Record<string, () => Figure>> = {
  ...Object.fromEntries(Object.entries(sizableFigures).map(([name, draw]) => [name, () => draw({})])),
  curveOneBlock: () =>
    curveFigure(smallCurve({ blocks: ['conv3x3'] }), { title: 'A title', caption: 'A note.' }),
  curveFourBlocks: () =>
    curveFigure(smallCurve({ blocks: ['inverted-depthwise', 'pointwise', 'inverted-conv3x3', 'conv3x3'] })),
  curveAllActivations: () =>
    curveFigure(
      smallCurve({ blocks: ['pointwise'], activations: [...activationNames, 'my.own', "o'ther[0]"] }),
    ),
  curveOneRatio: () => curveFigure(smallCurve({ ratios: [0.5] })),
  curvePredicted: () => curveFigure([], { predicted: smallPrediction() }),
  curvePredictedBeside: () => curveFigure(smallCurve(), { predicted: smallPrediction() }),
  phase: () => phaseFigure(['silu', 'relu'], smallPhase().points, { spots: smallPhase().spots }),
  curveOneLayer: () => curveFigure(smallCurve({ layers: 1 })),
  curveSmallRatios: () => curveFigure(smallCurve({ ratios: [0.05, 0.1, 0.15] })),
  curveTolerances: () => curveFigure(smallCurve({ tolerances: ['numpy', 'relative:0.01'] })),
  curveTaps: () =>
    curveFigure([
      ...smallCurve({ blocks: ['pointwise'] }),
      ...smallCurve({ blocks: ['inverted-conv3x3'], taps: ['output', 'expand', 'project'] }),
    ]),
  curveRunsBeside: () =>
    curveFigure([
      { label: 'first', rows: smallCurve() },
      { label: 'second', rows: smallCurve({ ratios: [0.2, 0.6] }) },
    ]),
  curveRunsOverlaid: () =>
    curveFigure(
      [
        { label: 'first', rows: smallCurve({ ratios: [0.2, 0.6] }) },
        { label: 'second', rows: smallCurve({ ratios: [0.3, 0.7] }) },
      ],
      { layout: 'overlaid', published: figure1Points() },
    ),
  curveRunsOfOne: () =>
    curveFigure(
      ['a', 'b', 'c'].map((label, i) => ({
        label,
        rows: smallCurve({
          blocks: ['pointwise'],
          activations: ['silu'],
          ratios: [0.1 + 0.1 * i, 0.6 + 0.1 * i],
        }),
      })),
      { layout: 'overlaid' },
    ),
  curvePublishedOneRatio: () =>
    curveFigure(smallCurve({ ratios: [0.5], activations: ['linear', 'relu'] }), {
      published: figure1Points(),
    }),
  curveLongNames: () =>
    curveFigure(
      smallCurve({ blocks: ['pointwise'], activations: ['x', 'y'].map((it) => 'n'.repeat(90) + it) }),
    ),
  depthNames: () =>
    depthFigure(
      ['x', 'y', '</script><b>&"', '__proto__', 'a.b\n[0]'].flatMap((name, i) =>
        smallDepth()
          .filter(({ network }) => network === smallDepth()[0]!.network)
          .map((row) => ({ ...row, network: i < 2 ? 'n'.repeat(90) + name : name })),
      ),
    ),
  curvePublished: () =>
    curveFigure(smallCurve({ ratios: [0.3, 0.6, 0.9], activations: ['linear', 'relu', 'gelu'] }), {
      published: figure1Points(),
    }),
  channelsGroups: () => {
    const configurations = Array.from({ length: 20 }, (_, i) => ({
      channels: [30 + (i % 3), 34 + ((i * 7) % 5), 40 + i * 3],
      score: -i,
    }));
    const panel = { title: 'Groups', lines: channelGroups(configurations) };
    return channelsFigure([panel], { caption: 'A note.' });
  },
  channelsLooks: () => {
    const lines = (end: number) => [
      { label: 'middle', channels: [16, 24, 40], low: [14, 20, 30], high: [18, 28, 50], background: true },
      { label: `best, ${end}%`, channels: [16, 24, end], look: 'best' },
    ];
    return channelsFigure([
      { title: 'One', lines: lines(60) },
      { title: 'Two', lines: lines(70) },
    ]);
  },
  spectrumOneRatio: () => spectrumFigure(...smallSpectra({ ratios: [0.25], blocks: ['pointwise'] })),
  spectrumThreeRatios: () => spectrumFigure(...smallSpectra({ ratios: [0.25, 0.5, 1], positions: 6 })),
  spectrumTolerances: () =>
    spectrumFigure(...smallSpectra(), {
      tolerances: [
        { tolerance: 'numpy', magnitude: 2e-5 },
        { tolerance: 'relative:0.01', magnitude: 0.01 },
      ],
    }),
  spectrumAlone: () => spectrumFigure(smallSpectra()[0], [], { caption: 'A note.', floor: 1e-6 }),
  tolerance: () =>
    toleranceFigure(
      smallCurve({ tolerances: ['numpy', 'relative:0.1', 'relative:1e-8', 'relative:0.003', 'energy:0.99'] }),
      { caption: 'A note.' },
    ),
  'rank-accuracy': () =>
    rankAccuracyFigure(smallRanks(), { caption: 'A note.' }),
  search: () => searchFigure(smallSearch(), analyseSearch(smallSearch(), { samples: 40 }), { caption: 'A note.' }),
  training: () => trainingFigure(smallTraining(), { caption: 'A note.' }),
  trainingOneEpoch: () => trainingFigure(smallTraining().slice(0, 1)),
  trainingRanks: () => {
    const { rows, untrainedRanks } = smallTrainingRanks();
    return trainingFigure(rows, { untrainedRanks });
  },
  depth: () => depthFigure(smallDepth({ seeds: 10 }), { caption: 'A note.' }),
  depthOneSeed: () => depthFigure(smallDepth().filter(({ tap }) => tap === 'output')),
  claims: () => claimFigure(...smallClaims(), { caption: 'A note.' }),
  latency: () => latencyFigure(smallLatency(), { caption: 'A note.' }),
  latencyOneNetwork: () => latencyFigure(smallLatency(8).slice(0, 1)),
  model: () => modelFigure(smallModel(), { caption: 'A note.' }),
  features: () => featuresFigure(smallFeatures(), { caption: 'A note.' }),
  expansionShare: () => expansionShareFigure(smallExpansion(), { caption: 'A note.' }),
};

/** Layers with and without an activation, and one without a random layer. */
function smallFeatures(): FeatureLayer[] {
  const drawn = (first: number, effectiveRank: number) => ({
    ranks: [
      { rule: 'relative:0.01', rank: first },
      { rule: 'energy:0.99', rank: Math.ceil(first / 2) },
    ],
    effectiveRank,
  });
  return ['stem', 'expand', 'project', 'constructor'].flatMap((layer, i): FeatureLayer[] => {
    const sizes = { layer, kind: 'convolution', channelsIn: 16, channels: 16 * (i + 1) };
    const random = drawn(16 * (i + 1), 14 * (i + 1));
    const before = { ...sizes, stage: 'before' as const, centred: drawn(12 + i, 8 + i / 2), random };
    if (layer === 'project') return [before];
    const after = { stage: 'after' as const, centred: drawn(14 + 8 * i, 9 + 5 * i) };
    return [before, { ...sizes, ...after, random: layer === 'constructor' ? null : random }];
  });
}
