import { invalid, missing } from '../errors.js';
import { resolveStudy, type StudyInput } from '../study/study.js';
import { predictStudy } from './predict-study.js';

/** The predicted rank ratios of two activations at one width and tolerance. */
export interface PhasePoint {
  /** d_out. */
  readonly width: number;
  /** Relative to the largest singular value. */
  readonly tolerance: number;
  readonly first: number;
  readonly second: number;
  /** first - second. */
  readonly difference: number;
}

/** Two activations, and where they are compared. */
export interface PhaseQuestion {
  readonly activations: readonly [first: string, second: string];
  /** Values of d_out. */
  readonly widths: readonly number[];
  /** Relative to the largest singular value, each in (0, 1). */
  readonly tolerances: readonly number[];
  /** d_in / d_out. @default 0.25 */
  readonly ratio?: number | undefined;
  /** The protocol of the layers but for their channels and tolerances. @default 'standard' */
  readonly protocol?: StudyInput['protocol'] | undefined;
}

/**
 * Returns which of two activations is expected to have more rank, over width and tolerance: pointwise layers, without drawing
 * one.
 * @throws RangeError for a question that is not allowed, or a protocol whose layers are not predicted, with the reason
 * @example
 * predictPhase({ activations: ['silu', 'relu'], widths: [64, 1024], tolerances: [0.1, 0.01] });
 */
export function predictPhase({
  activations,
  widths,
  tolerances,
  ratio = 0.25,
  protocol = 'standard',
}: PhaseQuestion): PhasePoint[] {
  const [first, second] = activations;
  if (first === second) throw invalid('activations', `${first}, ${second}`, 'two different ones');
  const fields = typeof protocol === 'string' ? { preset: protocol } : protocol;
  return widths.flatMap((width) => {
    const study = resolveStudy(
      {
        blocks: ['pointwise'],
        activations: [first, second],
        ratios: [ratio],
        protocol: {
          ...fields,
          channels: `${width}:${width}`,
          tolerances: tolerances.map((tolerance) => `relative:${tolerance}`),
        },
      },
      [],
      false,
    );
    const { points, unpredicted } = predictStudy(study);
    const [reason] = unpredicted;
    if (reason !== undefined) throw missing('prediction', reason.part, reason.reason);
    const of = (activation: string) =>
      points.filter((point) => point.activation === activation).map((point) => point.rankRatioPredicted);
    const [a, b] = [of(first), of(second)];
    return tolerances.map((tolerance, k) => {
      const [one = NaN, other = NaN] = [a[k], b[k]];
      return { width, tolerance, first: one, second: other, difference: one - other };
    });
  });
}
