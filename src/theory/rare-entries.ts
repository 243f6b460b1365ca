import { type Quadrature, sphereQuadrature } from './harmonics.js';
import type { RowType } from './layer-parts.js';

/** The square of an excess, or a sum of squares, and its share. */
interface Excess {
  readonly square: number;
  readonly share: number;
}

/** Features that are a polynomial of degree 2 but for a few entries in each row. */
export interface RareEntries {
  readonly polynomial: (x: number) => number;
  /** Kinds of rows by the sum of the squares of what their entries exceed the polynomial by. */
  readonly rows: readonly RowType[];
}

/** Maximum number of such entries in a row. With more of them rows are alike, and formula (16) suffices. */
const MOST = 8;
/** Kinds of rows with an excess. */
const KINDS = 10;
/** Bins of the law of sums. Two neighbours differ by the factor exp(BIN); a sum has so many entries at most. */
const BINS = 72;
const BIN = 0.25;
const MOST_IN_SUM = 24;
/** Distance of the points at which a polynomial is looked for; kinks of activations are whole numbers or halves. */
const STEP = 1 / 32;
const REACH = 24;
/** Relative rounding errors of a polynomial and of its differences are smaller. */
const ROUNDING = 1e-13;

/**
 * Returns the kinds of rows of f(scale z + shift) where rows of N columns bend in few of them. Outside an interval f is
 * then no polynomial any more. Undefined if f is none on any interval, or if a row bends in many columns or in none.
 *
 * @param lengths the lengths of the columns of X as a quadrature rule
 */
export function rareEntries(
  f: (x: number) => number,
  {
    scale,
    shift,
    samples,
    dimension,
  }: {
    readonly scale: number;
    readonly shift: number;
    readonly samples: number;
    readonly dimension: number;
  },
  lengths: Quadrature,
): RareEntries | undefined {
  const piece = quadraticPiece(f, shift);
  if (piece === undefined) return undefined;
  const { low, high, polynomial } = piece;
  const { nodes, weights } = sphereQuadrature(dimension);
  const squares: Excess[] = [];
  lengths.nodes.forEach((length, j) => {
    nodes.forEach((t, k) => {
      const x = scale * length * t + shift;
      if (x >= low && x <= high) return;
      const [value, excess] = [f(x), f(x) - polynomial(x)];
      if (!(Math.abs(excess) > ROUNDING * Math.abs(value))) return;
      squares.push({ square: excess ** 2, share: samples * lengths.weights[j]! * weights[k]! });
    });
  });
  const rate = sumOf(squares, ({ share }) => share);
  if (!(rate > 0) || rate > MOST) return undefined;
  const mean = sumOf(squares, ({ square, share }) => square * share);
  const rows = kindsOfSums(squares, rate).map(({ square, share }) => {
    const gain = Math.sqrt(square / mean);
    return { scale, shift, share, f: (x: number) => polynomial(x) + gain * (f(x) - polynomial(x)) };
  });
  return { polynomial, rows };
}

/**
 * Returns kinds of the sum of a Poisson number of squares. The law of the sum is kept on bins of equal ratio; what lies
 * between two bins is split.
 */
function kindsOfSums(squares: readonly Excess[], rate: number): Excess[] {
  const largest = Math.log(MOST_IN_SUM * squares.reduce((max, { square }) => Math.max(max, square), 0));
  const bins = Float64Array.from({ length: BINS }, (_, k) => Math.exp(largest + (k - BINS + 1) * BIN));
  const add = (law: Float64Array, square: number, share: number) => {
    const place = (Math.log(square) - largest) / BIN + BINS - 1;
    const k = Math.min(BINS - 2, Math.max(0, Math.floor(place)));
    const upper = Math.max(0, (square - bins[k]!) / (bins[k + 1]! - bins[k]!));
    law[k]! += share * (1 - upper);
    law[k + 1]! += share * upper;
  };
  const single = new Float64Array(BINS);
  for (const { square, share } of squares) add(single, square, share / rate);
  const law = new Float64Array(BINS);
  let sums = single;
  let chance = Math.exp(-rate);
  for (let m = 1; m <= MOST_IN_SUM; m++) {
    chance *= rate / m;
    for (let k = 0; k < BINS; k++) law[k]! += chance * sums[k]!;
    const next = new Float64Array(BINS);
    sums.forEach((p, k) => single.forEach((q, l) => add(next, bins[k]! + bins[l]!, p * q)));
    sums = next;
  }
  const none = { square: 0, share: Math.exp(-rate) };
  return [
    none,
    ...inCells(
      Array.from(law, (share, k) => ({ square: bins[k]!, share })),
      KINDS,
    ),
  ];
}

/** Returns cells of about equal shares of an ascending list, each with its mean square. */
function inCells(list: readonly Excess[], count: number): Excess[] {
  const whole = sumOf(list, ({ share }) => share);
  const cells = Array.from({ length: count }, () => ({ square: 0, share: 0 }));
  let before = 0;
  for (const { square, share } of list) {
    const cell = cells[Math.min(count - 1, Math.floor(((before + share / 2) / whole) * count))]!;
    cell.square += square * share;
    cell.share += share;
    before += share;
  }
  return cells
    .filter(({ share }) => share > 0)
    .map(({ square, share }) => ({ square: square / share, share }));
}

/**
 * Returns the interval around a point on which a function is a polynomial of degree 2, to rounding. Its ends are whole
 * steps.
 */
function quadraticPiece(
  f: (x: number) => number,
  centre: number,
): { readonly low: number; readonly high: number; readonly polynomial: (x: number) => number } | undefined {
  const middle = Math.round(centre / STEP);
  const value = (k: number) => f(k * STEP);
  const isQuadratic = (k: number) => {
    const four = [value(k), value(k + 1), value(k + 2), value(k + 3)] as const;
    const third = four[3] - 3 * four[2] + 3 * four[1] - four[0];
    return Math.abs(third) <= ROUNDING * four.reduce((sum, y) => sum + Math.abs(y), 0);
  };
  const last = REACH / STEP;
  let [first, end] = [middle, middle];
  while (first > middle - last && isQuadratic(first - 1)) first--;
  while (end < middle + last && isQuadratic(end - 2)) end++;
  if (end - first < 4) return undefined;
  const centreOf = Math.floor((first + end) / 2);
  const [x0, x1, x2] = [first, centreOf, end].map((k) => k * STEP) as [number, number, number];
  const [y0, y1, y2] = [f(x0), f(x1), f(x2)];
  const slope = (y1 - y0) / (x1 - x0);
  const curvature = ((y2 - y1) / (x2 - x1) - slope) / (x2 - x0);
  return {
    low: x0,
    high: x2,
    polynomial: (x) => y0 + (x - x0) * (slope + curvature * (x - x1)),
  };
}

function sumOf<T>(list: readonly T[], value: (item: T) => number): number {
  let sum = 0;
  for (const item of list) sum += value(item);
  return sum;
}
