import { studentQuantile, studentTail } from './student.js';

/** The slope of a line with its 95% interval, and the p-value of no slope. */
export interface Slope {
  readonly slope: number;
  readonly interval: readonly [low: number, high: number];
  readonly p: number;
  /** Points. */
  readonly n: number;
  /** The weighted mean of the points, which lies on the line. */
  readonly centre: readonly [x: number, y: number];
  /** Half the width of the 95% interval of the line's height at the centre, where it is narrowest. */
  readonly centreHalfWidth: number;
}

/** Returns the height of the line at x, and its 95% interval there, for that x alone. */
export function lineAt({ slope, interval, centre, centreHalfWidth }: Slope, x: number) {
  const away = x - centre[0];
  const mean = centre[1] + slope * away;
  const half = Math.hypot(centreHalfWidth, ((interval[1] - interval[0]) / 2) * away);
  return { mean, low: mean - half, high: mean + half };
}

/**
 * Returns the slope of the weighted least-squares line with Student's interval of n - 2 degrees of freedom. It is
 * undefined for fewer than 3 points, or if all x are equal. A weight is the inverse of a point's variance up to a
 * common factor, which is estimated.
 */
export function weightedLine(
  x: readonly number[],
  y: readonly number[],
  weights: readonly number[] = x.map(() => 1),
): Slope | undefined {
  const n = x.length;
  const total = sum(weights);
  const mean = (values: readonly number[]) => sum(values.map((value, i) => weights[i]! * value)) / total;
  const [mx, my] = [mean(x), mean(y)];
  const squares = sum(x.map((value, i) => weights[i]! * (value - mx) ** 2));
  if (n < 3 || !(squares > 1e-20 * total * Math.max(1e-300, mx * mx))) return undefined;
  const slope = sum(x.map((value, i) => weights[i]! * (value - mx) * (y[i]! - my))) / squares;
  const left = sum(x.map((value, i) => weights[i]! * (y[i]! - my - slope * (value - mx)) ** 2));
  const error = Math.sqrt(left / (n - 2) / squares);
  const half = studentQuantile(n - 2) * error;
  const p = error > 0 ? studentTail(slope / error, n - 2) : slope === 0 ? 1 : 0;
  const centreHalfWidth = half * Math.sqrt(squares / total);
  return { slope, interval: [slope - half, slope + half], p, n, centre: [mx, my], centreHalfWidth };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
