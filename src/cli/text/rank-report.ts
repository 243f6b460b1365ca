import type { MatrixFile } from '../../files/read-matrix.js';
import { largest, type Metrics, metrics, smallest } from '../../rank/metrics.js';
import { type PowerLaw, powerLaw } from '../../rank/power-law.js';
import { type RankResult, spectrumAndRanks } from '../../rank/rank.js';
import type { Tolerance } from '../../rank/tolerance.js';
import type { EngineName } from '../../spectrum/engines.js';
import type { SpectrumOptions } from '../../spectrum/singular-values.js';

/** A rank at one tolerance; for an open rank, also a tolerance at which it is certified. */
export interface ReportedRank extends RankResult {
  /**
   * For an open rank, the finest coarser relative tolerance (a power of ten) with a certified rank, and that rank. Otherwise
   * null.
   */
  readonly certifiedAt: { readonly tolerance: string; readonly rank: number } | null;
}

/** The results of `rankscope rank` for one matrix. */
export interface RankReport extends Omit<MatrixFile, 'matrix'> {
  readonly file: string;
  /** Whether each row is taken less its mean. */
  readonly centered: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly engine: EngineName;
  readonly ranks: readonly ReportedRank[];
  readonly largest: number;
  readonly smallest: number;
  readonly metrics: Metrics;
  readonly powerLaw: PowerLaw | null;
  /** Number of singular values lost in float64 rounding; the power law excludes them. */
  readonly unresolved: number;
  readonly spectrum: Float64Array;
}

/** Returns the report of a matrix. */
export function rankReport(
  file: string,
  { matrix, ...read }: MatrixFile & Pick<RankReport, 'centered'>,
  tolerances: readonly Tolerance[],
  engine: EngineName,
  options: SpectrumOptions,
): RankReport {
  const { rows, columns } = matrix;
  const { spectrum, ranks } = spectrumAndRanks(matrix, tolerances, options);
  const resolution = Math.min(0.5, Math.max(rows, columns) * 2 ** -52);
  const floor = resolution * largest(spectrum);
  let found: readonly RankResult[] | undefined;
  const candidates = () =>
    (found ??= spectrumAndRanks(matrix, DECADES, { ...options, accuracy: 'full' }).ranks);
  return {
    file,
    rows,
    columns,
    ...read,
    engine,
    ranks: ranks.map((result) => {
      const isOpen = result.lower < result.upper;
      return {
        ...result,
        certifiedAt: isOpen ? firstCertified(candidates(), result.tolerance.absolute) : null,
      };
    }),
    largest: largest(spectrum),
    smallest: smallest(spectrum),
    metrics: metrics(spectrum),
    powerLaw: powerLaw(spectrum, { resolution }),
    unresolved: spectrum.filter((value) => value <= floor).length,
    spectrum,
  };
}

const DECADES = Array.from({ length: 15 }, (_, i) => `relative:1e-${15 - i}`);

/** Returns the first certified result at a coarser threshold. */
function firstCertified(candidates: readonly RankResult[], threshold: number): ReportedRank['certifiedAt'] {
  const found = candidates.find(({ certified, tolerance }) => certified && tolerance.absolute > threshold);
  return found ? { tolerance: found.tolerance.rule, rank: found.rank } : null;
}
