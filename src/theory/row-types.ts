import { affinePieces, type AffinePiece } from './affine-pieces.js';
import type { RowType } from './layer-parts.js';

/** How the inputs of an activation differ from row to row. */
export interface RowSpread {
  /** The factor of each row; `uniform` is one number from [0, 1) per row. */
  readonly scale: number | 'uniform';
  /** What is added to every row after the factor. */
  readonly shift: number;
  /** Standard deviation within a row. */
  readonly within: number;
  /** Standard deviation, over the rows, of a row's mean; normal, with mean 0. */
  readonly between: number;
}

/** Cells of a uniform scale; they narrow towards 0, where small tolerances look. Fewer where means differ, too. */
const SCALES = 8;
const SCALES_BESIDE_MEANS = 5;
/** Cells of the means, as far as so many standard deviations; the outer two have no end. */
const MEANS = 7;
const LAST_MEAN = 2.5;
/** Parts of a cell over which the share of silent rows is averaged. */
const PARTS = 40;

/**
 * Returns the kinds of rows that stand for all: every pair of a scale and a mean. Rows that lie in one straight piece of f for
 * all N samples are a kind of their own: linear, or silent and left out, so that the shares sum to the share of rows that
 * are not silent. The others of the cell bend the more.
 *
 * @param logInside logarithm of the probability that a value of a row, less its mean and over its deviation, lies between two
 * bounds
 */
export function rowTypes(
  f: (x: number) => number,
  { scale, shift, within, between }: RowSpread,
  samples: number,
  logInside: (low: number, high: number) => number,
): RowType[] {
  if (between === 0)
    return scalesOf(scale, SCALES).map((one) => ({ scale: one.value * within, shift, share: one.share, f }));
  const pieces = affinePieces(f);
  return scalesOf(scale, SCALES_BESIDE_MEANS).flatMap((one) =>
    normalCells().flatMap((mean) => {
      const kind = { scale: one.value * within, shift: one.value * between * mean.value + shift };
      const share = one.share * mean.share;
      const [nearest] = pieces
        .map((piece) => {
          const spread = { scale: one.value, shift, within, between };
          const shares = mean.parts.map(
            (part) => part.share * shareInside(piece, part.value, spread, samples, logInside),
          );
          return { piece, inside: shares.reduce((a, b) => a + b, 0) };
        })
        .sort((a, b) => b.inside - a.inside);
      if (nearest === undefined || nearest.inside < 1e-4) return [{ ...kind, share, f }];
      const { inside, piece } = nearest;
      const line = (x: number) => piece.slope * x + piece.offset;
      const gain = 1 / Math.sqrt(Math.max(1 - inside, 1e-6));
      return [
        ...(inside < 1 - 1e-6
          ? [{ ...kind, share: share * (1 - inside), f: (x: number) => line(x) + gain * (f(x) - line(x)) }]
          : []),
        ...(piece.zero ? [] : [{ ...kind, share: share * inside, f: line }]),
      ];
    }),
  );
}

/** The share of a mean's rows that lie in one piece for all samples. The mean is in standard deviations of means. */
function shareInside(
  { low, high }: AffinePiece,
  mean: number,
  { scale, shift, within, between }: Omit<RowSpread, 'scale'> & { readonly scale: number },
  samples: number,
  logInside: (low: number, high: number) => number,
): number {
  if (scale <= 0) return 0;
  const at = (end: number) =>
    Number.isFinite(end) ? ((end - shift) / scale - between * mean) / within : end;
  return Math.exp(samples * logInside(at(low), at(high)));
}

interface Cell {
  readonly value: number;
  readonly share: number;
}

function scalesOf(scale: number | 'uniform', count: number): Cell[] {
  if (scale === 'uniform') {
    const bound = (k: number) => (k / count) ** 2.5;
    return Array.from({ length: count }, (_, k) => ({
      value: (bound(k) + bound(k + 1)) / 2,
      share: bound(k + 1) - bound(k),
    }));
  }
  return [{ value: scale, share: 1 }];
}

/** Cells of the standard normal law, equally wide but for the outer two, each with its mean and finer parts. */
function normalCells(): (Cell & { readonly parts: readonly Cell[] })[] {
  const width = (2 * LAST_MEAN) / MEANS;
  return Array.from({ length: MEANS }, (_, k) => {
    const low = k === 0 ? -6 : -LAST_MEAN + k * width;
    const high = k === MEANS - 1 ? 6 : -LAST_MEAN + (k + 1) * width;
    const values = Array.from({ length: PARTS }, (__, i) => low + ((high - low) * (i + 0.5)) / PARTS);
    const densities = values.map(
      (x) => (Math.exp(-0.5 * x * x) * (high - low)) / PARTS / Math.sqrt(2 * Math.PI),
    );
    const share = densities.reduce((a, b) => a + b, 0);
    const parts = values.map((value, i) => ({ value, share: (densities[i] ?? 0) / share }));
    return { value: parts.reduce((sum, part) => sum + part.value * part.share, 0), share, parts };
  });
}
