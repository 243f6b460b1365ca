import { messageOf } from '../errors.js';
import { lastOf } from '../lookups.js';
import type { TensorDtype } from '../formats/dtypes.js';
import { foldingFactors, timesFactors } from '../formats/layers/fold-normalization.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { LayerKind, Numbers } from '../formats/model-file.js';
import { metrics, type Metrics } from '../rank/metrics.js';
import { spectrumAndRanks, spectrumAndRanksOfSum, type RankResult } from '../rank/rank.js';
import type { Tolerance } from '../rank/tolerance.js';
import { leadingVectors } from '../spectrum/leading-vectors.js';
import type { Matrix } from '../spectrum/matrix.js';
import { principalAngles } from '../spectrum/principal-angles.js';
import { GramSum } from '../spectrum/wasm/gram/gram-sum.js';
import { entryStatistics } from './entry-statistics.js';
import type { MatchedLayers } from './match-layers.js';
import { noiseFloor } from './noise-floor.js';

/** A rank at a tolerance, with its proof. */
export interface ComparedRank {
  readonly rule: string;
  readonly rank: number;
  readonly lower: number;
  readonly upper: number;
  readonly certified: boolean;
}

/** The weights of one side. */
export interface ComparedSide {
  readonly name: string;
  readonly dtype: TensorDtype;
  /** Frobenius norm. */
  readonly norm: number;
  readonly largest: number;
  readonly ranks: readonly ComparedRank[];
  readonly metrics: Metrics;
}

/** The similarity of the leading subspaces of two layers. */
export interface SharedSubspaces {
  /** Dimensions; fewer than requested if a side has a lower rank. */
  readonly dimension: number;
  /** Principal angles in degrees, ascending, between the spans of the leading left singular vectors: outputs. */
  readonly left: readonly number[];
  /** Of the right ones: inputs. */
  readonly right: readonly number[];
  /** 1 - σₖ₊₁/σₖ of both sides. A gap of 0 leaves the subspace undetermined, and a small gap makes it uncertain. */
  readonly gaps: readonly [number, number];
}

/** The changes from one layer to another. */
export interface LayerComparison {
  readonly name: string;
  readonly kind: LayerKind;
  readonly rows: number;
  readonly columns: number;
  readonly shape: readonly number[];
  readonly first: ComparedSide;
  readonly second: ComparedSide;
  /** Of second - first. */
  readonly difference: {
    /** Frobenius norm, and its ratio to the norm of the first; null where only the first is zero. */
    readonly norm: number;
    readonly relativeNorm: number | null;
    readonly largest: number;
    readonly ranks: readonly ComparedRank[];
    /** The number of singular values above the floor that rounding to both stored types makes, and that floor. */
    readonly signalRank: Omit<ComparedRank, 'rule'> & { readonly floor: number };
    /** For each error the smallest rank whose best approximation of the difference has at most that relative error. */
    readonly holding: readonly (Omit<ComparedRank, 'rule'> & { readonly error: number })[];
    readonly metrics: Metrics;
    /** Descending. */
    readonly spectrum: Float64Array;
  };
  /** Null where a side has rank 0. */
  readonly subspaces: SharedSubspaces | null;
  /** second - first; null where a condition number is not finite. */
  readonly changes: { readonly [K in keyof Metrics]: number | null };
  readonly notes: readonly string[];
}

/** How layers are compared. */
export interface ComparisonSettings {
  readonly tolerances: readonly Tolerance[];
  /** Relative Frobenius errors of the difference. */
  readonly errors: readonly number[];
  /** Leading singular vectors whose spans are compared. */
  readonly subspace: number;
  /** Whether rows are multiplied by the factors of the normalization behind the layer, in both models. */
  readonly fold: boolean;
}

/** The most entries of a matrix that is measured whole; of a larger one only A Aᵀ is. */
const WHOLE_ENTRIES = 2 ** 22;
/** Singular values below this share of the largest count as zero. */
const NOISE = 1e-6;

/**
 * Compares the weights of a layer that two models have. It holds both matrices and their difference, which is rounded to
 * float32 where both sides are.
 * @throws RangeError for a NaN or an infinity, with its place, or where only one side can be folded
 */
export async function compareLayerWeights(
  { name, one, other }: MatchedLayers,
  settings: ComparisonSettings,
): Promise<LayerComparison> {
  const { rows, columns, kind, shape } = one;
  const factors = await Promise.all([one, other].map((side) => factorsOf(side, settings.fold)));
  if ((factors[0] === undefined) !== (factors[1] === undefined))
    throw new RangeError('the normalization behind it is known in one model only: not folded in both');
  const [first, second] = [
    await wholeOf(one, factors[0], 'first'),
    await wholeOf(other, factors[1], 'second'),
  ];
  const difference: Matrix = { data: minus(second.data, first.data), rows, columns };
  const [measured1, measured2] = [
    measured(first, settings.tolerances),
    measured(second, settings.tolerances),
  ];
  const { length: count } = settings.tolerances;
  const floor = noiseFloor(rows, columns, Math.hypot(first.spacing, second.spacing));
  const holdings = settings.errors.map((error): Tolerance => ({ name: 'energy', p: 1 - error * error }));
  const change = measured(difference, [...settings.tolerances, ...holdings, { name: 'absolute', t: floor }]);
  const [of1, of2] = [
    sideOf(one, measured1.spectrum, measured1.ranks),
    sideOf(other, measured2.spectrum, measured2.ranks),
  ];
  const { spectrum } = change;
  const norm = normOf(spectrum);
  return {
    ...{ name, kind, rows, columns, shape, first: of1, second: of2 },
    difference: {
      norm,
      relativeNorm: norm === 0 ? 0 : of1.norm === 0 ? null : norm / of1.norm,
      largest: spectrum[0] ?? 0,
      ranks: change.ranks.slice(0, count).map(plain),
      signalRank: { ...unruled(lastOf(change.ranks)), floor },
      holding: settings.errors.map((error, i) => ({ error, ...unruled(change.ranks[count + i]!) })),
      metrics: metrics(spectrum),
      spectrum,
    },
    subspaces: subspacesOf([first, second], [measured1.spectrum, measured2.spectrum], settings.subspace),
    changes: changesOf(of1.metrics, of2.metrics),
    notes: [...new Set([...one.notes, ...other.notes])],
  };
}

async function factorsOf(matrix: WeightMatrix, fold: boolean): Promise<Float64Array | undefined> {
  return fold ? foldingFactors(matrix) : undefined;
}

async function wholeOf(
  matrix: WeightMatrix,
  factors: Float64Array | undefined,
  side: 'first' | 'second',
): Promise<Matrix & { readonly spacing: number }> {
  const { rows, columns } = matrix;
  const numbers = await matrix.read(0, rows);
  const entries = entryStatistics(matrix);
  try {
    entries.add(numbers, factors);
  } catch (cause) {
    throw new RangeError(`${messageOf(cause)} in the ${side} model`, { cause });
  }
  const data = factors ? timesFactors(numbers.slice(), columns, factors, 0) : numbers;
  return { data, rows, columns, spacing: entries.statistics().spacing };
}

function minus(a: Numbers, b: Numbers): Numbers {
  const isSingle = a instanceof Float32Array && b instanceof Float32Array;
  const out = isSingle ? new Float32Array(a.length) : new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
  return out;
}

function measured(
  matrix: Matrix,
  tolerances: readonly Tolerance[],
): { spectrum: Float64Array; ranks: readonly RankResult[] } {
  const { data, rows, columns } = matrix;
  if (rows * columns <= WHOLE_ENTRIES) return spectrumAndRanks(matrix, tolerances);
  const sum = new GramSum(Math.min(rows, columns));
  if (rows <= columns) sum.addColumns(matrix);
  else sum.addRows({ data, rows, columns });
  return spectrumAndRanksOfSum(sum, tolerances);
}

function plain({ rank, lower, upper, certified, tolerance }: RankResult): ComparedRank {
  return { rule: tolerance.rule, rank, lower, upper, certified };
}

function unruled({ rank, lower, upper, certified }: RankResult): Omit<ComparedRank, 'rule'> {
  return { rank, lower, upper, certified };
}

function sideOf(
  { name, dtype }: WeightMatrix,
  spectrum: Float64Array,
  ranks: readonly RankResult[],
): ComparedSide {
  return {
    ...{ name, dtype, norm: normOf(spectrum), largest: spectrum[0] ?? 0 },
    ranks: ranks.map(plain),
    metrics: metrics(spectrum),
  };
}

function normOf(spectrum: Float64Array): number {
  return Math.hypot(0, ...chunkNorms(spectrum));
}

/** Norms of chunks that fit the arguments of a call. */
function chunkNorms(values: Float64Array): number[] {
  return Array.from({ length: Math.ceil(values.length / 1024) }, (_, i) =>
    Math.hypot(...values.subarray(i * 1024, (i + 1) * 1024)),
  );
}

function subspacesOf(
  [first, second]: readonly [Matrix, Matrix],
  spectra: readonly [Float64Array, Float64Array],
  asked: number,
): SharedSubspaces | null {
  const usable = spectra.map((spectrum) => spectrum.filter((value) => value > NOISE * spectrum[0]!).length);
  const dimension = Math.min(asked, ...usable);
  if (dimension === 0) return null;
  const [one, other] = [
    leadingVectors(first, dimension, spectra[0]),
    leadingVectors(second, dimension, spectra[1]),
  ];
  const degrees = (angles: Float64Array) => Array.from(angles, (angle) => (angle * 180) / Math.PI);
  const gap = (spectrum: Float64Array) => 1 - (spectrum[dimension] ?? 0) / spectrum[dimension - 1]!;
  return {
    dimension,
    left: degrees(principalAngles(one.left, other.left, first.rows)),
    right: degrees(principalAngles(one.right, other.right, first.columns)),
    gaps: [gap(spectra[0]), gap(spectra[1])],
  };
}

/** Returns second - first of every metric. */
export function changesOf(one: Metrics, other: Metrics): LayerComparison['changes'] {
  const keys = Object.keys(one) as (keyof Metrics)[];
  const change = (key: keyof Metrics) => {
    const [before, after] = [one[key], other[key]];
    return before === null || after === null ? null : after - before;
  };
  return Object.fromEntries(keys.map((key) => [key, change(key)])) as LayerComparison['changes'];
}
