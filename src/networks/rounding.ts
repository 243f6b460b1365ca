import { invalid } from '../errors.js';

/** The rounding rule that turns a channel number into an integer. */
export type Rounding = 'nearest' | 'half-to-even' | `multiple-of-${number}`;

/**
 * Returns the function of a rounding rule:
 * - `nearest`: halves up, as JavaScript's Math.round;
 * - `half-to-even`: halves to the even neighbour, as Python's round and so the ReXNet authors' code;
 * - `multiple-of-8` (any divisor): {@link roundToMultiple}, as MobileNet code does.
 *
 * @throws RangeError for another rule
 */
export function roundingNamed(rule: Rounding): (x: number) => number {
  if (rule === 'nearest') return Math.round;
  if (rule === 'half-to-even') return roundHalfToEven;
  const divisor = Number(/^multiple-of-([1-9]\d*)$/.exec(rule)?.[1] ?? NaN);
  if (!(divisor <= 65_536))
    throw invalid('rounding', rule, 'nearest, half-to-even, multiple-of-N, N at most 65536');
  return (x) => roundToMultiple(x, divisor);
}

/** Returns the nearest integer, of two equally near the even one. */
export function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

/**
 * Returns the nearest multiple of the divisor, halves up, and at least the divisor. If that removes more than a tenth,
 * the next larger multiple is returned. This is `_make_divisible` of TensorFlow's MobileNet code
 * (https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet/mobilenet.py).
 */
export function roundToMultiple(x: number, divisor: number): number {
  const nearest = Math.max(divisor, Math.floor((x + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * x ? nearest + divisor : nearest;
}
