import { messageOf } from '../errors.js';
import type { LowRankAdapter, WeightMatrix } from '../formats/layers/weight-matrix.js';
import { applyTolerance, thresholdOf } from '../rank/apply-tolerance.js';
import { spectrumAndRanks, type RankResult } from '../rank/rank.js';
import { shareBounds } from '../rank/share-bounds.js';
import type { Tolerance } from '../rank/tolerance.js';
import type { Matrix } from '../spectrum/matrix.js';
import { upperTriangle } from '../spectrum/upper-triangle.js';
import { entryStatistics, type EntryStatistics } from './entry-statistics.js';
import type { Measured, WeightOptions } from './measure-layer-weights.js';
import { noiseFloor } from './noise-floor.js';

/** Unit roundoff of float64. */
const UNIT = 2 ** -53;

/**
 * Measures a low-rank adapter B A without forming the product. With B = Q R and Aᵀ = P Sᵀ, the r x r core R S has the
 * same singular values.
 *
 * A rank is certified if it is the same when the threshold moves by the error of the core. A Householder factorisation
 * of m x r numbers is that of a matrix within r (6 m + 20) u of the norm of the given one (Higham, "Accuracy and
 * Stability of Numerical Algorithms", theorem 19.4, with room in the constant), which moves no singular value by more.
 */
export async function measureAdapter(
  matrix: WeightMatrix,
  adapter: LowRankAdapter,
  options: WeightOptions,
): Promise<Measured> {
  const { rows, columns } = matrix;
  const { rank, up, down } = adapter;
  const [left, right] = [await readHalf(up), await readHalf(down)];
  const scale = await adapter.scale();
  const [r, s] = [upperTriangle(left), upperTriangle(transposed(right))];
  const core = coreOf(r, s, scale);
  const norms = Math.abs(scale) * norm(left) * norm(right);
  const error = (rank * (6 * (rows + columns) + 40) + rank + 2) * UNIT * 1.01 * norms;
  const { spectrum } = spectrumAndRanks(core, []);
  const [largest = 0] = spectrum;
  const dtype =
    left.data instanceof Float64Array || right.data instanceof Float64Array ? 'float64' : 'float32';
  const floor =
    Math.abs(scale) *
    (noiseFloor(rows, rank, left.entries.spacing) * (spectrumAndRanks(s, []).spectrum[0] ?? 0) +
      noiseFloor(rank, columns, right.entries.spacing) * (spectrumAndRanks(r, []).spectrum[0] ?? 0));
  const ranks = [...options.tolerances, { name: 'absolute', t: floor } as Tolerance].map((tolerance) => {
    const shape = { rows, columns };
    const computed = applyTolerance(spectrum, shape, dtype, tolerance);
    const threshold = thresholdOf(tolerance, shape, dtype);
    if (threshold === undefined) {
      const relativeError = largest === 0 ? 0 : (2 * error) / largest;
      const bounds = shareBounds(
        { values: spectrum, relativeError, method: 'full' },
        tolerance,
        computed.rank,
      );
      return result(bounds, rows, computed);
    }
    const at = (sigma: number) =>
      threshold.rule
        ? threshold.rule(sigma)
        : Math.max(threshold.absolute ?? 0, (threshold.relative ?? 0) * sigma);
    // σ₁ itself is within twice the error, which covers that of its computation
    const [low, high] = [at(Math.max(0, largest - 2 * error)), at(largest + 2 * error)];
    const counts = spectrumAndRanks(core, [high + error, Math.max(0, low - error)].map(absolute)).ranks;
    const bounds = { lower: counts[0]!.lower, upper: counts[1]!.upper };
    return result({ ...bounds, rank: computed.rank }, rows, computed);
  });
  const { entries } = left;
  return {
    entries: { ...entries, variance: squares(spectrum) / Math.max(1, rows * columns) },
    ...{ floor, spectrum, ranks, baseline: null, options, folded: false, adapter: { rank, scale } },
    notes: matrix.notes,
  };
}

const absolute = (t: number): Tolerance => ({ name: 'absolute', t });

type Half = Matrix & { readonly entries: EntryStatistics };

async function readHalf(matrix: WeightMatrix): Promise<Half> {
  const { rows, columns, name } = matrix;
  const data = await matrix.read(0, rows);
  const accumulator = entryStatistics(matrix);
  try {
    accumulator.add(data);
  } catch (cause) {
    throw new RangeError(`${messageOf(cause)} of ${name}`, { cause });
  }
  return { data, rows, columns, entries: accumulator.statistics() };
}

function transposed({ data, rows, columns }: Matrix): Matrix {
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  return { data: out, rows: columns, columns: rows };
}

/** Returns scale R Sᵀ. */
function coreOf(r: Matrix, s: Matrix, scale: number): Matrix {
  const { columns: rank } = r;
  const data = new Float64Array(r.rows * s.rows);
  for (let i = 0; i < r.rows; i++)
    for (let j = 0; j < s.rows; j++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += r.data[i * rank + k]! * s.data[j * rank + k]!;
      data[i * s.rows + j] = scale * sum;
    }
  return { data, rows: r.rows, columns: s.rows };
}

function squares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

const norm = ({ data }: Matrix) => Math.sqrt(squares(data));

function result(
  { rank, lower, upper }: Pick<RankResult, 'rank' | 'lower' | 'upper'>,
  rows: number,
  { rule, absolute: threshold }: { readonly rule: string; readonly absolute: number },
): RankResult {
  const clamped = Math.min(upper, Math.max(lower, rank));
  return {
    ...{ rank: clamped, lower, upper, certified: lower === upper, rankRatio: clamped / Math.max(1, rows) },
    tolerance: { rule, absolute: threshold, lower: threshold, upper: threshold },
    method: 'full',
  };
}
