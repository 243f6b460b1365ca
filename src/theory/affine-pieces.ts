/** An interval on which an activation is a straight line; `zero` where it is 0 there. */
export interface AffinePiece {
  readonly low: number;
  readonly high: number;
  readonly slope: number;
  readonly offset: number;
  readonly zero: boolean;
}

/** Where pieces are looked for, and how finely: the kinks of activations are whole numbers or end the range. */
const REACH = 24;
const STEP = 1 / 32;

/**
 * Returns the intervals on which a function is a straight line, to rounding. They are at least 1 long; outer ones have
 * no end.
 */
export function affinePieces(f: (x: number) => number): AffinePiece[] {
  const count = (2 * REACH) / STEP;
  const at = (k: number) => -REACH + k * STEP;
  const values = Float64Array.from({ length: count + 1 }, (_, k) => f(at(k)));
  const value = (k: number) => values[k] ?? NaN;
  const isStraight = (k: number) =>
    Math.abs(value(k - 1) - 2 * value(k) + value(k + 1)) <=
    1e-13 * (Math.abs(value(k - 1)) + Math.abs(value(k + 1)));
  const pieces: AffinePiece[] = [];
  for (let k = 1; k < count; k++) {
    if (!isStraight(k)) continue;
    const first = k;
    while (k + 1 < count && isStraight(k + 1)) k++;
    const [low, high] = [at(first - 1), at(k + 1)];
    const slope = (value(k + 1) - value(first - 1)) / (high - low);
    if (high - low < 1) continue;
    pieces.push({
      low: low === -REACH ? -Infinity : low,
      high: high === REACH ? Infinity : high,
      slope,
      offset: value(first - 1) - slope * low,
      zero: values.subarray(first - 1, k + 2).every((y) => y === 0),
    });
  }
  return pieces;
}
