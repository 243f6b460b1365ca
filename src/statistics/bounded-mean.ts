import { invalid } from '../errors.js';

/** The evidence of independent values in [0, 1] about their mean. */
export interface BoundedMean {
  /** The interval that covers the mean with probability 1 - alpha at least, for any number of values. */
  readonly low: number;
  readonly high: number;
  /** A p-value for each mean m in question: P(p(m) <= alpha) <= alpha where m is the mean; <= alpha outside the interval. */
  readonly p: (m: number) => number;
}

/** A bet stakes at most this share of the capital, so that no single value can ruin it. */
const STAKE = 0.9;
/** Steps of bisection: an end is known to 2^-30 of the range, and rounded outwards. */
const STEPS = 30;

/**
 * Returns a confidence interval for the mean of independent, identically distributed values in [0, 1]. It holds at
 * every n and for every distribution: it assumes no normality, and nothing about rare values that were not seen.
 *
 * Method: the hedged capital of Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting",
 * J. R. Stat. Soc. B 86, 2024 (theorem 3 and remark 3). For a mean m in question, two gamblers bet that the values lie
 * above m, and below; where m is the mean neither can expect to gain, and half of one's capital reaches 1 / alpha with
 * probability alpha / 2 at most (Ville). The interval holds all m for which neither gets there. Each bet is fixed by the
 * values before it: it grows with the number of values that the variance seen so far makes it take.
 *
 * The interval depends on the order of the values, within what any other order would give. It is never shorter than
 * log(2 / alpha) / n or so, for that many values cannot exclude what happens more rarely than that.
 *
 * @param values each in [0, 1], in the order they were drawn
 * @param alpha in (0, 1)
 * @throws RangeError for a value outside [0, 1], or an alpha outside (0, 1)
 */
export function boundedMean(values: ArrayLike<number>, alpha = 0.05): BoundedMean {
  if (!(alpha > 0 && alpha < 1)) throw invalid('alpha', alpha, 'a number in (0, 1)');
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!(value >= 0 && value <= 1)) throw invalid('value', value, 'a number in [0, 1]');
  }
  const bets = betsOn(values, alpha);
  const above = Float64Array.from(values);
  const below = above.map((value) => 1 - value);
  const enough = 2 / alpha;
  const reached = (side: Float64Array, m: number) => largestCapital(side, bets, m, enough) >= enough;
  return {
    low: lowerEnd((m) => reached(above, m)),
    high: 1 - lowerEnd((m) => reached(below, m)),
    p: (m) => {
      if (!(m >= 0 && m <= 1)) return 0;
      const capital = Math.max(
        largestCapital(above, bets, m, Infinity),
        largestCapital(below, bets, 1 - m, Infinity),
      );
      return Math.min(1, 2 / capital);
    },
  };
}

/** Each bet from the values before it: sqrt(2 log(2 / alpha) / (n variance)), the variance with one pseudo-value. */
function betsOn(values: ArrayLike<number>, alpha: number): Float64Array {
  const n = values.length;
  const bets = new Float64Array(n);
  let [sum, squares] = [0.5, 0.25];
  for (let i = 0; i < n; i++) {
    const variance = squares / (i + 1);
    bets[i] = Math.sqrt((2 * Math.log(2 / alpha)) / (n * variance));
    const value = values[i] ?? NaN;
    sum += value;
    squares += (value - sum / (i + 2)) ** 2;
  }
  return bets;
}

/** The maximum that the capital of bets on "the mean is above m" ever reached. It begins at 1 and stops at `enough`. */
function largestCapital(values: Float64Array, bets: Float64Array, m: number, enough: number): number {
  const stake = m > 0 ? STAKE / m : Infinity;
  let [capital, largest] = [1, 1];
  for (let i = 0; i < values.length && largest < enough; i++) {
    const value = values[i] ?? NaN;
    const bet = bets[i] ?? NaN;
    capital *= 1 + Math.min(bet, stake) * (value - m);
    if (capital > largest) largest = capital;
  }
  return largest;
}

/** Returns the smallest m that is not excluded, or a number just below it. All excluded m lie below all others. */
function lowerEnd(isExcluded: (m: number) => boolean): number {
  if (!isExcluded(0)) return 0;
  let [low, high] = [0, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (isExcluded(middle)) low = middle;
    else high = middle;
  }
  return low;
}
