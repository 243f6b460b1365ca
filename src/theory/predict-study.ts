import { activationDefinitions, type ActivationName } from '../activations/definitions.js';
import { blocks, type BlockName, type Convolution, type Tap } from '../layers/blocks.js';
import { layerRules, type LayerRules } from '../layers/layer-rules.js';
import type { LayerProtocol } from '../layers/protocol.js';
import { lastOf } from '../lookups.js';
import { parseTolerance, type Tolerance } from '../rank/tolerance.js';
import { tapsAt, type Study } from '../study/study.js';
import type { PointKey } from '../study/summary.js';
import { predictSpectrum, type PredictedSpectrum } from './predict-rank-ratios.js';
import { preactivations } from './share-within.js';
import { gaussNodes, type RangeNode } from './range-nodes.js';

/** A point of a study with its predicted rank ratio, the mean over the widths of its protocol. */
export interface PredictedPoint extends PointKey {
  readonly rankRatioPredicted: number;
}

/** What cannot be predicted of a study, and the reason, in words. */
export interface Unpredicted {
  readonly part: string;
  readonly reason: string;
}

export interface StudyPrediction {
  readonly points: readonly PredictedPoint[];
  readonly unpredicted: readonly Unpredicted[];
}

/**
 * Returns the predicted rank ratios at the points of a study, without drawing a layer. It also says what of the study
 * cannot be predicted. Sizes, samples, distributions, scales and tolerances are those of the study; its number of
 * layers and its seed do not matter. docs/theory.md says how far off the predictions are.
 *
 * @param onProgress called after each spectrum with the number of spectra predicted so far and in all
 * @throws Error if the equations do not converge at a point
 * @example
 * predictStudy(resolveStudy({ blocks: ['pointwise'], protocol: 'standard' })).points;
 */
export function predictStudy(
  study: Study,
  onProgress: (done: number, total: number) => void = () => undefined,
): StudyPrediction {
  const rules = layerRules(study.protocol);
  const whole = whyNotProtocol(rules);
  if (whole !== undefined) return { points: [], unpredicted: [{ part: 'the protocol', reason: whole }] };
  const unpredicted: Unpredicted[] = [];
  const thresholds = study.protocol.tolerances.flatMap((text) => {
    const of = thresholdOf(parseTolerance(text));
    if (of !== undefined) return [{ text, of }];
    const reason = 'it needs sums over the whole spectrum, not a count';
    unpredicted.push({ part: `tolerance ${text}`, reason });
    return [];
  });
  const activations = study.activations.filter((name): name is ActivationName => {
    const isBuiltIn = Object.hasOwn(activationDefinitions, name);
    if (!isBuiltIn)
      unpredicted.push({
        part: `activation ${name}`,
        reason: 'an activation of your own works on tensors, not numbers',
      });
    return isBuiltIn;
  });
  const places = study.blocks.flatMap((block) =>
    tapsAt(study, block).flatMap((tap) => {
      const reason = whyNotTap(block, tap, study.protocol);
      if (reason !== undefined) {
        unpredicted.push({ part: `${block} at ${tap}`, reason });
        return [];
      }
      return activations.flatMap((activation) =>
        study.ratios.map((dimensionRatio) => ({ block, tap, activation, dimensionRatio })),
      );
    }),
  );
  const points = places.flatMap((place, i): PredictedPoint[] => {
    const ratios = meanRatios(place, rules, study.protocol.center, thresholds);
    onProgress(i + 1, places.length);
    return thresholds.map(({ text }, k) => ({
      ...place,
      tolerance: text,
      rankRatioPredicted: ratios[k] ?? NaN,
    }));
  });
  return { points, unpredicted };
}

/** Returns the reason why no layer of a protocol is predicted; undefined where there is none. */
function whyNotProtocol({ inputs, weights, shift, normalization }: LayerRules): string | undefined {
  if ('file' in inputs) return 'inputs from a file have no known distribution';
  if (weights.joint) return `${weights.text} weights are not independent of each other`;
  if (shift && normalization.name !== 'batch')
    return 'random shifts of normalized channels are predicted with batch statistics';
  return undefined;
}

function whyNotTap(block: BlockName, tap: Tap, protocol: LayerProtocol): string | undefined {
  const convolutions = upTo(block, tap);
  if (tap === 'output' && blocks[block].shortcut) return 'a shortcut adds inputs to the features';
  if (convolutions.some(({ depthwise }) => depthwise))
    return 'channels of a depthwise convolution see one input each';
  if (convolutions.some((one) => windowSize(one, protocol) > 1))
    return 'a 3x3 convolution is predicted at one pixel with padding same: patches that overlap depend on each other';
  const { normalization, normalizationScale, normalizationShift } = protocol;
  const isPlain = normalization === 'batch' && normalizationScale === 'one' && normalizationShift === 'none';
  if (convolutions.length > 1 && !isPlain)
    return 'beyond the first convolution, batch statistics with scale 1 and shift 0 are predicted';
  return undefined;
}

/** Returns the convolutions of a block as far as a tap. */
function upTo(block: BlockName, tap: Tap): readonly Convolution[] {
  const { convolutions } = blocks[block];
  const last = convolutions.findIndex((one) => one.tap === tap);
  return last < 0 ? convolutions : convolutions.slice(0, last + 1);
}

/** Height and width of the part of a kernel that meets more than padding. */
function windowSize({ kernel }: Convolution, { spatial, padding }: LayerProtocol): number {
  return padding === 'valid' ? kernel : Math.min(kernel, 2 * spatial - 1);
}

interface Place {
  readonly block: BlockName;
  readonly tap: Tap;
  readonly activation: ActivationName;
  readonly dimensionRatio: number;
}

/** A tolerance, and its threshold for the largest singular value and the larger size. */
interface Threshold {
  readonly text: string;
  readonly of: (largest: number, size: number) => number;
}

/** Returns the rank ratio at each tolerance, as the mean over the widths (and expansion ratios) of the protocol. */
function meanRatios(
  { block, tap, activation, dimensionRatio }: Place,
  rules: LayerRules,
  center: boolean,
  thresholds: readonly Threshold[],
): number[] {
  const convolutions = upTo(block, tap);
  const last = lastOf(convolutions);
  const expands = convolutions.some(({ to }) => to === 'hidden');
  const expansions = expands ? gaussNodes(rules.expansion, 2) : [{ value: 1, share: 1 }];
  const sums = thresholds.map(() => 0);
  const widths = widthNodes(rules);
  for (const { value: dOut, share } of widths) {
    const dIn = Math.max(1, Math.round(dimensionRatio * dOut));
    const samples = rules.samples(dOut);
    for (const { value: expansion, share: ofIt } of expansions) {
      const sizes = { in: dIn, hidden: Math.max(2, Math.round(expansion * dIn)), out: dOut };
      const layers = convolutions.map(({ to, activated }) => ({
        activation: activated ? activation : ('linear' as const),
        dOut: sizes[to],
      }));
      const rows = sizes[last.to];
      const spread = preactivations({ dIn, dOut: rows, kernel: last.kernel }, { ...rules, shift: null });
      const spectrum = predictSpectrum({
        ...(layers.at(-1) ?? { activation, dOut }),
        before: layers.slice(0, -1),
        dIn,
        samples,
        shift: rules.shift?.text ?? 0,
        scale: rules.normalization.name !== 'none' && spread.scale === 'uniform' ? 'uniform' : 1,
        within: spread.within,
        between: spread.between,
        alignment: spread.alignment ?? 0,
        inputKurtosis: 'kurtosis' in rules.inputs ? rules.inputs.kurtosis : 0,
        center,
      });
      const relative = thresholds.map((threshold) => relativeTo(threshold, spectrum, rows, samples));
      const counted = relative.map((tolerance) => Math.min(1, Math.max(SMALLEST, tolerance)));
      spectrum.ratiosAt(counted).forEach((ratio, k) => {
        sums[k] = (sums[k] ?? 0) + ((relative[k] ?? 0) >= 1 ? 0 : ratio) * share * ofIt;
      });
    }
  }
  return sums;
}

/** A tolerance below the rounding of float32 features counts them all, as one of this size does. */
const SMALLEST = 1e-8;
/** The precision of the features. */
const EPSILON = 2 ** -23;

/** Returns a tolerance as a share of the largest singular value. */
function relativeTo(
  { of }: Threshold,
  { largest }: PredictedSpectrum,
  rows: number,
  samples: number,
): number {
  return largest === 0 ? 1 : of(largest, Math.max(rows, samples)) / largest;
}

/** Returns the threshold of a rule for the largest singular value and the larger size; undefined if it has none. */
function thresholdOf(rule: Tolerance): Threshold['of'] | undefined {
  switch (rule.name) {
    case 'numpy':
      return (largest, size) => largest * size * EPSILON;
    case 'matlab':
      return (largest, size) => size * EPSILON * 2 ** Math.floor(Math.log2(largest));
    case 'torch': {
      const { rtol, atol = 0 } = rule;
      return (largest, size) => Math.max(atol, largest * (rtol ?? (atol === 0 ? size * EPSILON : 0)));
    }
    case 'relative':
      return (largest) => rule.r * largest;
    case 'absolute':
      return () => rule.t;
    default:
      return undefined;
  }
}

/** Returns widths that stand for the range of d_out: Gauss nodes of its distribution. */
function widthNodes({ channels: [low, high], protocol }: LayerRules): RangeNode[] {
  const isUniform = protocol.channelDistribution === 'uniform';
  const [to, from] = isUniform ? [(x: number) => x, (x: number) => x] : [Math.log, Math.exp];
  return gaussNodes([to(low), to(high)], 3).map(({ value, share }) => ({
    value: Math.round(from(value)),
    share,
  }));
}
