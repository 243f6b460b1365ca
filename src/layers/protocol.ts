import {
  readBoolean,
  readNumber,
  readName,
  resolveFields,
  splitNotation,
  type Fields,
  type Given,
} from '../fields.js';
import {
  biasNotations,
  readBias,
  readShift,
  readWeights,
  shiftNotations,
  weightNotations,
} from './initialisation.js';
import { inputNotations, readInputs } from './inputs.js';
import { normalizationNotations, readNormalization, type NormalizationRule } from './read-normalization.js';

/**
 * All choices that define a random layer, as plain data. All fields are optional wherever a protocol is given; {@link
 * layerProtocolFields} holds the defaults and their reasons.
 */
export interface LayerProtocol {
  /** Weights of every convolution, in the notation of `readWeights`. */
  readonly weights: string;
  /** Bias of every convolution, in the notation of `readBias`. */
  readonly bias: string;
  /** The layer's input, in the notation of `readInputs`. */
  readonly inputs: string;
  /**
   * The normalization after every convolution. `none`; `inference`: identity statistics, x / sqrt(1 + 1e-5); `batch`:
   * the batch's statistics; `deviation`: divided by the batch's standard deviation but not centred; `running:R`:
   * running statistics in which this batch has total weight R in (0, 1], so mean R m and variance 1 - R + R v, with the
   * unbiased v. With PyTorch's default momentum R is 0.1 after one training step and 1 - 0.9^k after k.
   */
  readonly normalization: NormalizationRule;
  /** The factor of the normalized channels: `one`, or `uniform`, a number from [0, 1) for each channel. */
  readonly normalizationScale: 'one' | 'uniform';
  /** The shift of the normalized channels after the scale, in the notation of `readShift`. */
  readonly normalizationShift: string;
  /** N, the number of columns of the features: `d_out+K`, `Kx` (K times d_out, rounded), or a number. */
  readonly samples: string;
  /** Range of d_out, both ends included: `MIN:MAX`. */
  readonly channels: string;
  /** How d_out is drawn from its range. */
  readonly channelDistribution: 'uniform' | 'log-uniform';
  /** Height and width of the layer's input, in pixels. */
  readonly spatial: number;
  /** Padding of the 3x3 convolutions: `same` (zeros) or `valid` (no padding; the output is 2 pixels smaller). */
  readonly padding: 'same' | 'valid';
  /** Hidden channels / d_in of the inverted bottlenecks: a number, or `MIN:MAX`, uniform between them for each layer. */
  readonly expansion: number | string;
  /** Whether an inverted bottleneck adds its input to the first d_in channels of its output. */
  readonly shortcut: boolean;
}

export const layerProtocolFields: Fields<LayerProtocol> = {
  weights: {
    meaning: 'weights of every convolution',
    default: 'kaiming-normal:fan-out',
    why: 'the usual initialisation of the time; with it all four published panels fit (docs/figure-1.md)',
    allowed: weightNotations,
    read: notation(readWeights),
  },
  bias: {
    meaning: 'bias of every convolution',
    default: 'pytorch',
    why: 'the default of a PyTorch convolution; from the same fit',
    allowed: biasNotations,
    read: notation(readBias),
  },
  inputs: {
    meaning: 'inputs of the layer',
    default: 'uniform:1.25',
    why: 'not negative, like images: channels that never fire make the published ReLU plateau below 1',
    allowed: inputNotations,
    read: notation(readInputs),
  },
  normalization: {
    meaning: 'normalization after every convolution',
    default: 'deviation',
    why: 'divides by the deviation of the batch without centring: centred channels make every curve 1.00',
    allowed: normalizationNotations,
    read: (value) => (typeof value === 'string' ? readNormalization(value)?.text : undefined),
  },
  normalizationScale: {
    meaning: 'scale of the normalized channels',
    default: 'uniform',
    why: 'the initial scale of PyTorch before version 1.2; from the same fit',
    allowed: 'one, uniform',
    read: readName(['one', 'uniform']),
  },
  normalizationShift: {
    meaning: 'shift of the normalized channels, added after the scale',
    default: 'none',
    why: 'the initial value of batch normalization; random shifts move channels off centre',
    allowed: shiftNotations,
    read: notation(readShift),
  },
  samples: {
    meaning: 'N, the columns of the features',
    default: '1.2x',
    why: 'close to d_out gives the published LeakyReLU plateau',
    allowed: 'd_out, d_out+K, Kx with K > 0, or a whole number >= 1',
    read: (value) => {
      const text = typeof value === 'number' ? String(value) : value;
      return typeof text === 'string' && readSamples(text) ? text : undefined;
    },
  },
  channels: {
    meaning: 'range of d_out',
    default: '64:512',
    why: 'from the same fit; a range that begins lower bends the curves down at small ratios',
    allowed: 'MIN:MAX with whole numbers, 2 <= MIN <= MAX',
    read: (value) => (typeof value === 'string' && readChannels(value) ? value : undefined),
  },
  channelDistribution: {
    meaning: 'distribution of d_out over its range',
    default: 'uniform',
    why: 'every width is equally likely; with log-uniform every octave is',
    allowed: 'uniform, log-uniform',
    read: readName(['uniform', 'log-uniform']),
  },
  spatial: {
    meaning: 'height and width of the input',
    default: 1,
    why: 'one pixel: only this gives the published linear curve of the 3x3 convolution, the identity',
    allowed: 'a whole number >= 1',
    read: readNumber((size) => Number.isInteger(size) && size >= 1),
  },
  padding: {
    meaning: 'padding of the 3x3 convolutions',
    default: 'same',
    why: 'as in the networks; valid serves to measure boundary effects',
    allowed: 'same, valid',
    read: readName(['same', 'valid']),
  },
  expansion: {
    meaning: 'expansion ratio of the inverted bottlenecks',
    default: '0:5',
    why: 'no fixed expansion has the published curve of the inverted bottlenecks; the mean over random ones has',
    allowed: 'a number > 0, or MIN:MAX with 0 <= MIN < MAX, drawn uniformly for each layer',
    read: readExpansion,
  },
  shortcut: {
    meaning: 'partial shortcut of the inverted bottlenecks',
    default: true,
    why: 'the block of the paper has it',
    allowed: 'true, false',
    read: readBoolean,
  },
};

/**
 * Returns the complete protocol: given fields checked, missing ones at their defaults. @throws RangeError that names
 * the field, its value and the allowed values
 * @example
 * resolveLayerProtocol({ weights: 'kaiming-normal:fan-out', samples: '2x' });
 */
export function resolveLayerProtocol(given: Given<LayerProtocol> = {}): LayerProtocol {
  return resolveFields('protocol', layerProtocolFields, given);
}

/** Returns a function from d_out to the number of columns N, or undefined if the rule is invalid. */
export function readSamples(rule: string): ((dOut: number) => number) | undefined {
  const sum = /^d_out(?:\+(\d+))?$/.exec(rule);
  if (sum) return (dOut) => dOut + Number(sum[1] ?? 0);
  const multiple = /^(\d*\.?\d+)x$/.exec(rule);
  if (multiple && Number(multiple[1]) > 0)
    return (dOut) => Math.max(1, Math.round(Number(multiple[1]) * dOut));
  if (/^\d+$/.test(rule) && Number(rule) >= 1) return () => Number(rule);
  return undefined;
}

/** Returns the ends of a range of d_out, or undefined if it is malformed, empty or begins below 2. */
export function readChannels(range: string): [number, number] | undefined {
  const { name: low, argument: high } = splitNotation(range);
  if (!/^\d+$/.test(low) || !high || !/^\d+$/.test(high)) return undefined;
  return 2 <= Number(low) && Number(low) <= Number(high) ? [Number(low), Number(high)] : undefined;
}

/**
 * Returns the range from which a rule draws the expansion ratio, or undefined if it is malformed. The ends are equal
 * for a number.
 */
export function expansionRange(rule: number | string): [number, number] | undefined {
  const [low = NaN, high = low, ...rest] = String(rule)
    .split(':')
    .map((text) => (/^\d*\.?\d+$/.test(text) ? Number(text) : NaN));
  const one = !String(rule).includes(':');
  return rest.length === 0 && (one ? low > 0 : low < high) ? [low, high] : undefined;
}

function readExpansion(value: unknown): number | string | undefined {
  if ((typeof value !== 'number' && typeof value !== 'string') || !expansionRange(value)) return undefined;
  const text = String(value);
  return text.includes(':') ? text : Number(text);
}

/** Returns a reader of strings that accepts those with a defined `meaningOf`. */
function notation(meaningOf: (text: string) => unknown) {
  return (value: unknown): string | undefined =>
    typeof value === 'string' && meaningOf(value) !== undefined ? value : undefined;
}
