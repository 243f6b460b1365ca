import { affinePieces, type AffinePiece } from './affine-pieces.js';
import type { RowType } from './layer-parts.js';
import { lawCells, type Law, meanCells } from './mean-cells.js';

/** How the inputs of an activation differ from row to row. */
export interface RowSpread {
  /** The factor of each row; `uniform` is one number from [0, 1) per row. */
  readonly scale: number | 'uniform';
  /** What is added to every row after the factor; a law draws one number per row. */
  readonly shift: number | Law;
  /** Standard deviation within a row. */
  readonly within: number;
  /** Standard deviation, over the rows, of a row's mean, which is 0 in the mean. */
  readonly between: number;
  /** Correlation of a row's mean with the sum of its weights: 1 without a bias. */
  readonly alignment: number;
}

/** What rows are applied to. */
export interface RowInputs {
  /** Columns, each with a value in every row. */
  readonly samples: number;
  /** Numbers that a value is a sum of. */
  readonly dimension: number;
  /** Logarithm of the probability that a value, less its row's mean and over its deviation, lies between two bounds. */
  readonly logInside: (low: number, high: number) => number;
}

/** Cells of a uniform scale; they narrow towards 0, where small tolerances look, as a power of their ends. */
const SCALES = { count: 8, power: 2.5 };
/** The same where means differ, too. Smaller scales than these make rows that Newton's method hardly sees. */
const SCALES_BESIDE_MEANS = { count: 7, power: 2 };

/**
 * Returns the kinds of rows that stand for all: every pair of a scale and a mean. Rows that lie in one straight piece of f for
 * all N samples are a kind of their own: linear, or silent and left out, so that the shares sum to the share of rows that
 * are not silent. The others of the cell bend the more.
 */
export function rowTypes(
  f: (x: number) => number,
  { scale, shift, within, between, alignment }: RowSpread,
  inputs: RowInputs,
): RowType[] {
  if (between === 0 && typeof shift === 'number')
    return scalesOf(scale, SCALES).map((one) => ({ scale: one.value * within, shift, share: one.share, f }));
  const pieces = affinePieces(f);
  const cells = typeof shift === 'number' ? meanCells(inputs.dimension, alignment) : lawCells(shift);
  const scales = scalesOf(scale, SCALES_BESIDE_MEANS);
  return (scale === 'uniform' ? withMeanSquare(scales) : scales).flatMap((one) =>
    cells.flatMap((cell) => {
      // a mean is scaled before the shift is added; a shift drawn by row is all there is
      const at = (value: number) => (typeof shift === 'number' ? one.value * between * value + shift : value);
      const kind = { scale: one.value * within, shift: at(cell.value) };
      const share = one.share * cell.share;
      const [nearest] = pieces
        .map((piece) => {
          const shares = cell.parts.map(
            (part) => part.share * shareInside(piece, at(part.value), kind.scale, inputs),
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

/** The share of rows of one mean and deviation that lie in one piece for all samples. */
function shareInside(
  { low, high }: AffinePiece,
  mean: number,
  deviation: number,
  { samples, logInside }: RowInputs,
): number {
  if (deviation <= 0) return 0;
  return Math.exp(samples * logInside((low - mean) / deviation, (high - mean) / deviation));
}

interface Cell {
  readonly value: number;
  readonly share: number;
}

function scalesOf(scale: number | 'uniform', { count, power }: typeof SCALES): Cell[] {
  if (scale !== 'uniform') return [{ value: scale, share: 1 }];
  const bound = (k: number) => (k / count) ** power;
  return Array.from({ length: count }, (_, k) => ({
    value: (bound(k) + bound(k + 1)) / 2,
    share: bound(k + 1) - bound(k),
  }));
}

/** Returns cells whose values are multiplied by one factor, so that their mean square is that of a uniform scale. */
function withMeanSquare(cells: readonly Cell[]): Cell[] {
  const meanSquare = cells.reduce((sum, { value, share }) => sum + share * value ** 2, 0);
  return cells.map(({ value, share }) => ({ value: value / Math.sqrt(3 * meanSquare), share }));
}
