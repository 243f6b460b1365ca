import { invalid } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';
import { checkMatrix } from '../spectrum/matrix.js';
import { symmetricEigen, type SymmetricEigen } from '../spectrum/symmetric-eigen.js';
import { centred, energyIn, meansOf, type GramData } from './centred.js';
import { leftVectors } from './left-vectors.js';

/** A layer with sums of its response W x + b on inputs. */
export interface PlannedLayer {
  /** One row per output. */
  readonly weights: Matrix;
  /** Sums over its responses, with the bias, on the inputs that decide the plan. */
  readonly calibrating: GramData;
  /** The same on other inputs. @default null */
  readonly heldOut?: GramData | null | undefined;
}

/** The plan of a layer: how it can be written as two, and whether that saves anything. */
export interface LayerPlan {
  readonly rows: number;
  readonly columns: number;
  /** The maximum rank of a response: min(rows, columns). */
  readonly bound: number;
  /** The smallest rank whose low-rank response has at most the error asked for, on both kinds of inputs. */
  readonly rank: number;
  /** The same on the calibrating inputs alone. If it is much lower, these are too few to determine the directions. */
  readonly calibratingRank: number;
  /** Whether the calibrating inputs are too few: the rank is above 1.25 times theirs. */
  readonly fewInputs: boolean;
  readonly asked: number;
  /** Relative errors of the low-rank response, centred: ‖Y - Ŷ‖ / ‖Y - mean‖ in the Frobenius norm. */
  readonly error: PlanErrors;
  /**
   * The same errors for truncated weights. They are truncated at that rank by their singular values, with the mean in
   * the bias.
   */
  readonly weightError: PlanErrors;
  /** Numbers of weights, and multiply-adds per position. */
  readonly parameters: { readonly before: number; readonly after: number };
  /** Whether two layers are smaller than the one. */
  readonly saves: boolean;
  /** W ≈ second first: columns -> rank -> rows. */
  readonly factors: LayerFactors;
}

/** A rank this many times that of the calibrating inputs alone shows that these are too few. */
const TOO_FEW = 1.25;

export interface PlanErrors {
  readonly calibrating: number;
  readonly heldOut: number | null;
}

/** The two layers. */
export interface LayerFactors {
  /** rank x columns: UᵀW. */
  readonly first: Matrix;
  /** rows x rank: U, the leading eigenvectors of the centred responses. */
  readonly second: Matrix;
  /** (I - U Uᵀ) mean. The bias of the two layers is this plus U Uᵀ b, with b the bias of the one. */
  readonly shift: Float64Array;
}

/**
 * Returns the plan of a linear layer or 1 x 1 convolution from its centred responses. It projects them on their leading
 * principal directions, Y ≈ mean + U Uᵀ (Y - mean); no response of that rank is closer (Zhang, Zou, He and Sun,
 * "Accelerating very deep convolutional networks for classification and detection", TPAMI 2016, section 3.1).
 *
 * The directions are those of the calibrating inputs. Errors on held-out inputs are those of the same projection and
 * the same mean, relative to their own centred norm; the rank grows until they are within the error too, or to the
 * bound.
 * @throws RangeError for an error outside (0, 1), sizes that do not fit, or numbers that are not finite
 */
export function planLayer({ weights, calibrating, heldOut = null }: PlannedLayer, error: number): LayerPlan {
  checkError(error);
  const { rows, columns } = checkMatrix(weights);
  for (const part of [calibrating, heldOut])
    if (part && part.channels !== rows)
      throw invalid('channels of the responses', part.channels, `${rows}, the rows of the weights`);
  const means = meansOf(calibrating);
  const own = centred(calibrating);
  const eigen = symmetricEigen(own.entries, rows);
  const bound = Math.min(rows, columns);
  const calibratingRank = own.trace === 0 ? 0 : Math.min(bound, rankWithin(eigen.values, error));
  const others = heldOut && { around: centred(heldOut, means), norm: centred(heldOut).trace };
  const { rank, vectors } = others
    ? grown(eigen, calibratingRank, bound, (basis) => others.around.trace - energyIn(others.around, basis), {
        size: rows,
        maxRest: error * error * others.norm,
      })
    : { rank: calibratingRank, vectors: eigen.vectors(calibratingRank) };
  const errorsOf = (basis: Float64Array): PlanErrors => ({
    calibrating: relative(own.trace - energyIn(own, basis), own.trace),
    heldOut: others && relative(others.around.trace - energyIn(others.around, basis), others.norm),
  });
  const [before, after] = [rows * columns, rank * (rows + columns)];
  return {
    ...{ rows, columns, bound, rank, calibratingRank, asked: error },
    fewInputs: rank > TOO_FEW * calibratingRank,
    error: errorsOf(vectors),
    weightError: errorsOf(leftVectors(weights, rank)),
    parameters: { before, after },
    saves: after < before,
    factors: factorsOf(weights, vectors, rank, means),
  };
}

/**
 * Returns the smallest rank from `first` to `bound` with a rest of at most `maxRest`, and its vectors. Without one it is
 * the bound.
 */
function grown(
  eigen: SymmetricEigen,
  first: number,
  bound: number,
  restOf: (basis: Float64Array) => number,
  { size, maxRest }: { size: number; maxRest: number },
): { rank: number; vectors: Float64Array } {
  let have = eigen.vectors(first);
  if (restOf(have) <= maxRest) return { rank: first, vectors: have };
  for (const last of [Math.min(bound, Math.ceil(1.3 * first) + 8), bound]) {
    have = eigen.vectors(last);
    let rest = restOf(have.subarray(0, first * size));
    for (let rank = first; rank < last; rank++) {
      rest -= restOf(new Float64Array()) - restOf(have.subarray(rank * size, (rank + 1) * size));
      if (rest <= maxRest) return { rank: rank + 1, vectors: have.subarray(0, (rank + 1) * size) };
    }
  }
  return { rank: bound, vectors: have };
}

/** @throws RangeError for an error that is not between 0 and 1 */
export function checkError(error: number): void {
  if (!(error > 0 && error < 1)) throw invalid('error', error, 'a number between 0 and 1, such as 0.05');
}

/** Returns the smallest k such that the eigenvalues behind the first k hold at most error² of their sum. */
export function rankWithin(values: Float64Array, error: number): number {
  let total = 0;
  for (const value of values) total += Math.max(0, value);
  let [tail, k] = [0, values.length];
  while (k > 0) {
    tail += Math.max(0, values[k - 1]!);
    if (tail > error * error * total) break;
    k--;
  }
  return k;
}

/** Rounding may leave a rest below zero. */
function relative(rest: number, whole: number): number {
  if (whole === 0) return 0;
  return Math.sqrt(Math.max(0, rest) / whole);
}

function factorsOf(weights: Matrix, vectors: Float64Array, rank: number, means: Float64Array): LayerFactors {
  const { data, rows, columns } = weights;
  const first = new Float64Array(rank * columns);
  const second = new Float64Array(rows * rank);
  const shift = means.slice();
  for (let k = 0; k < rank; k++) {
    let along = 0;
    for (let i = 0; i < rows; i++) {
      const u = vectors[k * rows + i]!;
      second[i * rank + k] = u;
      along += u * means[i]!;
      for (let j = 0; j < columns; j++) first[k * columns + j]! += u * data[i * columns + j]!;
    }
    for (let i = 0; i < rows; i++) shift[i]! -= along * vectors[k * rows + i]!;
  }
  return {
    first: { data: first, rows: rank, columns },
    second: { data: second, rows, columns: rank },
    shift,
  };
}
