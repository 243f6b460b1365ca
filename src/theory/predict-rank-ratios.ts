import { activationDefinitions, activationNames, type ActivationName } from '../activations/definitions.js';
import { invalid, unknown } from '../errors.js';
import {
  any,
  flag,
  numberThat,
  orElse,
  readOptions,
  strict,
  valueThat,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';
import { countOfPairs } from './equations/count-of-pairs.js';
import { countOfFluctuations, countOfLengths } from './equations/finite-size.js';
import { lengthQuadrature } from './harmonics.js';
import { readShift, shiftNotations } from '../layers/initialisation.js';
import { largestEigenvalue } from './equations/largest-eigenvalue.js';
import { layerParts, withDegree } from './layer-parts.js';
import { pairFunctions } from './equations/pair-functions.js';
import type { Law } from './mean-cells.js';
import { projectionLaw } from './projection-law.js';
import { quadraticRankBound } from './quadratic-rank-bound.js';
import { rareEntries } from './rare-entries.js';
import { Resolvent } from './equations/resolvent.js';
import { rowTypes } from './row-types.js';
import { stackedParts } from './stacked-parts.js';

/**
 * A pointwise layer f(scale z + shift), where z is W x with normalized channels. The entries of W and x are
 * independent.
 */
export interface PredictedLayer {
  /** A built-in activation by name, or any function of one number. */
  readonly activation: ActivationName | ((x: number) => number);
  /** Input channels, at least 1. */
  readonly dIn: number;
  /** Output channels, at least 2. */
  readonly dOut: number;
  /** N, the columns of the features, at least 2. */
  readonly samples: number;
  /** The factor of every normalized channel; `uniform` is one number from [0, 1) per channel. @default 1 */
  readonly scale?: number | 'uniform' | undefined;
  /**
   * The shift of every normalized channel after the scale. A law draws one number per channel: `normal:SD` or
   * `uniform:BOUND`, as in a protocol. A point with random shifts takes some ten times as long.
   * @default 0
   */
  readonly shift?: number | string | undefined;
  /** Standard deviation of a channel over the samples, before scale and shift; batch statistics make it 1. @default 1 */
  readonly within?: number | undefined;
  /**
   * Standard deviation, over the channels, of a channel's mean before scale and shift; batch statistics make it 0.
   * `preactivations` gives it for a protocol. A point with means takes some twenty times as long.
   * @default 0
   */
  readonly between?: number | undefined;
  /**
   * How much of `between` the mean of the inputs makes, as a correlation: 1 without a bias. The rest is a bias, which is
   * divided by the length of the channel's own weights. `preactivations` gives it, too.
   * @default 0
   */
  readonly alignment?: number | undefined;
  /**
   * Excess kurtosis of an entry of x, at least -2. It is 0 for normal entries, -1.2 for uniform ones and -2 for signs. It
   * sets how much the lengths of the columns of x vary.
   * @default 0
   */
  readonly inputKurtosis?: number | undefined;
  /** Whether each row is taken less its mean over the samples. @default false */
  readonly center?: boolean | undefined;
  /**
   * Layers that make the inputs of this one out of `dIn` independent ones, first one first: pointwise, with batch
   * statistics. This layer then has them, too: scale 1, shift 0, `within` 1, `between` 0.
   * @default []
   */
  readonly before?: readonly EarlierLayer[] | undefined;
}

/** A pointwise layer with batch statistics below another one. */
export interface EarlierLayer {
  /** As of the layer itself; `linear` where nothing is activated. */
  readonly activation: PredictedLayer['activation'];
  /** Output channels, at least 2. */
  readonly dOut: number;
}

/** The expected spectrum of a layer, as far as ranks need it. */
export interface PredictedSpectrum {
  /** The largest singular value; 0 for the zero function. */
  readonly largest: number;
  /** Returns the rank ratio at tolerances relative to the largest singular value, each in (0, 1]. */
  readonly ratiosAt: (tolerances: readonly number[]) => number[];
}

/** Number of distinct lengths of the columns of x; the integral over them is smooth. */
const LENGTHS = 8;
/** Distance from the real axis at which eigenvalues are counted; its first-order error is corrected. */
const ETA = 0.01;

/**
 * Returns the expected rank ratio, rank / output channels, of a random layer at each tolerance. No layer is drawn.
 *
 * A singular value counts if it is above the tolerance times the largest one. The spectrum is a deterministic
 * equivalent: two nested Marchenko-Pastur equations over the harmonic degrees of the activation. docs/theory.md has the
 * derivation, its sources and its error: 0.001 to 0.002 in the mean at 128 channels, less at larger widths, more for
 * fewer than about 10 input channels. Weights and inputs may have any distribution with independent entries of equal
 * variance.
 *
 * @param tolerances relative to the largest singular value, each in (0, 1]
 * @throws RangeError for invalid sizes, tolerances or activation; Error if the equations do not converge
 * @example
 * predictRankRatios({ activation: 'silu', dIn: 64, dOut: 128, samples: 512 }, [0.1, 0.01]);
 */
export function predictRankRatios(layer: PredictedLayer, tolerances: readonly number[]): number[] {
  readOptions(predictedLayer, layer); // before the tolerances
  checkTolerances(tolerances);
  return predictSpectrum(layer).ratiosAt(tolerances);
}

/**
 * Returns the expected spectrum of a layer, solved from the largest singular value down as ratios are asked for.
 * @throws as `predictRankRatios`
 */
export function predictSpectrum(layer: PredictedLayer): PredictedSpectrum {
  const given = readOptions(predictedLayer, layer);
  const { dIn, dOut, samples, scale, within, between, alignment, inputKurtosis, center, before } = given;
  const shift = lawOf(given.shift) ?? NaN;
  for (const layer of before) readOptions(earlierLayer, layer);
  if (before.length > 0 && (scale !== 1 || shift !== 0 || within !== 1 || between !== 0))
    throw invalid('before', before, 'layers only where scale is 1, shift 0, within 1 and between 0');
  if (typeof shift !== 'number' && between > 0)
    throw invalid('shift', given.shift, 'a number where channels have means of their own');
  const few = before.length > 0 || typeof shift !== 'number' ? LENGTHS / 2 : LENGTHS;
  const lengths = lengthQuadrature(dIn, between > 0 ? 1 : dIn === 1 ? 2 * LENGTHS : few, inputKurtosis);
  const law = between > 0 ? lengthQuadrature(dIn, 2 * LENGTHS, inputKurtosis) : lengths;
  const f = functionOf(given.activation);
  const isPlain = before.length === 0 && between === 0 && dIn > 1;
  const isFilled = quadraticRankBound({ dIn, dOut, columns: samples }, true) === Math.min(dOut, samples);
  const rare =
    isPlain && !isFilled && typeof shift === 'number' && scale !== 'uniform'
      ? rareEntries(f, { scale: scale * within, shift, samples, dimension: dIn }, lengths)
      : undefined;
  const kinds =
    rare?.rows ??
    rowTypes(
      f,
      { scale, shift, within, between, alignment },
      { samples, dimension: dIn, logInside: projectionLaw(dIn, law) },
    );
  const share = kinds.reduce((sum, kind) => sum + kind.share, 0);
  const uncentred =
    before.length > 0
      ? stackedParts(
          { columns: samples, dimension: dIn },
          [...before, given].map((layer) => ({ rows: layer.dOut, f: functionOf(layer.activation) })),
          lengths,
        )
      : layerParts(
          { rows: dOut * share, columns: samples, dimension: dIn },
          kinds.map((kind) => ({ ...kind, share: kind.share / share })),
          lengths,
        );
  const parts = center ? withDegree(uncentred, 0, 0, 'leading') : uncentred;
  if (!Number.isFinite(parts.energy))
    throw invalid('activation', layer.activation, 'a function with finite values');
  if (parts.degrees.every((degree) => degree === 0)) {
    const rank = parts.degrees.length; // the zero function, or a constant
    return {
      largest: Math.sqrt(parts.energy * parts.rows * samples),
      ratiosAt: (tolerances) => tolerances.map((tolerance) => (tolerance < 1 ? rank / dOut : 0)),
    };
  }
  const top = largestEigenvalue(parts).value;
  return {
    largest: Math.sqrt(top),
    ratiosAt: (tolerances) => {
      checkTolerances(tolerances);
      const resolvent = new Resolvent(parts);
      const pairs = rare ? rare.rows.map((kind) => ({ ...kind, f: rare.polynomial })) : kinds;
      const functions =
        before.length > 0 || dIn < 2 ? undefined : pairFunctions(parts, pairs, rare ? 2 : undefined);
      let x = 2 * parts.rows * samples * parts.energy;
      const found = new Map<number, number>();
      for (const tolerance of [...new Set(tolerances)].sort((a, b) => b - a)) {
        const target = tolerance ** 2 * top;
        resolvent.walk(x, target, ETA);
        const point = { x: target, eta: ETA };
        const solution = resolvent.solve(point);
        const corrections =
          countOfFluctuations(parts, point, solution) +
          countOfLengths(parts, solution) +
          (functions ? countOfPairs(functions, parts, solution, between === 0) : 0);
        const count = Math.min(Math.max(0, resolvent.count(point) + corrections), parts.rows, samples);
        found.set(tolerance, tolerance < 1 ? count / dOut : 0);
        x = target;
      }
      return tolerances.map((tolerance) => found.get(tolerance) ?? NaN);
    },
  };
}

const finite = 'a finite number';

const predictedLayer = strict({
  activation: any<PredictedLayer['activation']>(),
  dIn: wholeFrom(1),
  dOut: wholeFrom(2),
  samples: wholeFrom(2),
  scale: orElse(
    valueThat<number | 'uniform'>((x) => x === 'uniform' || Number.isFinite(x), `${finite}, or uniform`),
    1,
  ),
  shift: orElse(
    valueThat<number | string>(
      (x) => (typeof x === 'string' ? lawOf(x) !== undefined : Number.isFinite(x)),
      `${finite}, or ${shiftNotations}`,
    ),
    0,
  ),
  within: orElse(
    numberThat((x) => x > 0, `${finite} > 0`),
    1,
  ),
  between: orElse(
    numberThat((x) => x >= 0, `${finite} >= 0`),
    0,
  ),
  alignment: orElse(
    numberThat((x) => x >= 0 && x <= 1, 'a number from 0 to 1'),
    0,
  ),
  inputKurtosis: orElse(
    numberThat((x) => x >= -2, `${finite} >= -2`),
    0,
  ),
  center: orElse(flag, false),
  before: orElse(
    valueThat<readonly EarlierLayer[]>((x) => Array.isArray(x), 'a list of layers'),
    [],
  ),
} satisfies OptionEntries<PredictedLayer>);

const earlierLayer = strict({
  activation: any<EarlierLayer['activation']>(),
  dOut: wholeFrom(2),
} satisfies OptionEntries<EarlierLayer>);

function checkTolerances(tolerances: readonly number[]): void {
  if (!Array.isArray(tolerances)) throw invalid('tolerances', tolerances, 'a list of numbers in (0, 1]');
  for (const tolerance of tolerances) {
    if (!(tolerance > 0 && tolerance <= 1)) throw invalid('tolerance', tolerance, 'a number in (0, 1]');
  }
}

/** Returns the law of random shifts, or a fixed one; undefined for an invalid notation. */
function lawOf(shift: number | string): number | Law | undefined {
  if (typeof shift === 'number') return shift;
  const drawn = readShift(shift);
  if (!drawn) return drawn === null ? 0 : undefined;
  return { name: drawn.name as Law['name'], deviation: Math.sqrt(drawn.variance(ONE)) };
}

/** Shifts do not depend on the shape of the weights. */
const ONE = { kernel: 1, window: 1, inputs: 1, outputs: 1, depthwise: false };

function functionOf(activation: PredictedLayer['activation']): (x: number) => number {
  if (typeof activation === 'function') return activation;
  if (typeof activation !== 'string' || !Object.hasOwn(activationDefinitions, activation))
    throw unknown('activation', activation, [...activationNames, 'a function of one number']);
  return activationDefinitions[activation].value;
}
