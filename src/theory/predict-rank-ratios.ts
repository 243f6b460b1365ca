import { activationDefinitions, activationNames, type ActivationName } from '../activations/definitions.js';
import { invalid, unknown } from '../errors.js';
import { checkOptions } from '../fields.js';
import { lengthQuadrature } from './harmonics.js';
import { largestEigenvalue } from './largest-eigenvalue.js';
import { layerParts, type RowType } from './layer-parts.js';
import { Resolvent } from './resolvent.js';

/** A pointwise layer with batch statistics: f(scale BN(W x) + shift), where W and x have independent entries. */
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
  /** The shift of every normalized channel after the scale. @default 0 */
  readonly shift?: number | undefined;
}

/** Number of distinct lengths of the columns of x; the integral over them is smooth. */
const LENGTHS = 8;
/** Number of cells of a uniform scale; they narrow towards 0, which matters at small tolerances. */
const SCALES = 8;
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
  checkOptions(layer, ['activation', 'dIn', 'dOut', 'samples', 'scale', 'shift']);
  const { dIn, dOut, samples } = layer;
  for (const [name, value, min] of [
    ['dIn', dIn, 1],
    ['dOut', dOut, 2],
    ['samples', samples, 2],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < min) throw invalid(name, value, `a whole number >= ${min}`);
  }
  if (!Array.isArray(tolerances)) throw invalid('tolerances', tolerances, 'a list of numbers in (0, 1]');
  for (const tolerance of tolerances) {
    if (!(tolerance > 0 && tolerance <= 1)) throw invalid('tolerance', tolerance, 'a number in (0, 1]');
  }
  const parts = layerParts(
    functionOf(layer.activation),
    { rows: dOut, columns: samples, dimension: dIn },
    rowTypes(layer),
    lengthQuadrature(dIn, dIn === 1 ? 2 * LENGTHS : LENGTHS),
  );
  if (!Number.isFinite(parts.energy))
    throw invalid('activation', layer.activation, 'a function with finite values');
  if (parts.degrees.every((degree) => degree === 0)) {
    const rank = parts.degrees.length; // the zero function, or a constant
    return tolerances.map((tolerance) => (tolerance < 1 ? rank / dOut : 0));
  }
  const top = largestEigenvalue(parts).value;
  const resolvent = new Resolvent(parts);
  let x = 2 * dOut * samples * parts.energy;
  const found = new Map<number, number>();
  for (const tolerance of [...new Set(tolerances)].sort((a, b) => b - a)) {
    const target = tolerance ** 2 * top;
    resolvent.walk(x, target, ETA);
    const count = Math.min(Math.max(0, resolvent.count({ x: target, eta: ETA })), dOut, samples);
    found.set(tolerance, tolerance < 1 ? count / dOut : 0);
    x = target;
  }
  return tolerances.map((tolerance) => found.get(tolerance)!);
}

function functionOf(activation: PredictedLayer['activation']): (x: number) => number {
  if (typeof activation === 'function') return activation;
  if (typeof activation !== 'string' || !Object.hasOwn(activationDefinitions, activation))
    throw unknown('activation', activation, [...activationNames, 'a function of one number']);
  return activationDefinitions[activation].value;
}

function rowTypes({ scale = 1, shift = 0 }: PredictedLayer): RowType[] {
  if (!Number.isFinite(shift)) throw invalid('shift', shift, 'a finite number');
  if (scale === 'uniform') {
    const bound = (k: number) => (k / SCALES) ** 2.5;
    return Array.from({ length: SCALES }, (_, k) => ({
      scale: (bound(k) + bound(k + 1)) / 2,
      shift,
      share: bound(k + 1) - bound(k),
    }));
  }
  if (typeof scale !== 'number' || !Number.isFinite(scale))
    throw invalid('scale', scale, 'a finite number, or uniform');
  return [{ scale, shift, share: 1 }];
}
