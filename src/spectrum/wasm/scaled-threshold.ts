import { invalid, unknown } from '../../errors.js';
import type { Interval, Threshold } from '../engine.js';
import { beyondDoubles } from '../matrix.js';
import { timesPowerOfTwo } from '../power-of-two.js';

/** More than the few roundings in a threshold. */
const DOWN = 1 - 2 ** -48;
const UP = 1 + 2 ** -48;
/** More than rounding moves a number that is subnormal. */
const MIN = 2 ** -1073;

/** A threshold for a matrix that was multiplied by 2ᵉ. All roundings go outwards. */
export class ScaledThreshold {
  /** The given absolute threshold, and the scaled one. */
  private readonly given: number;
  private readonly absolute: number;
  private readonly relative: number;
  private readonly rule: ((largest: number) => number) | undefined;

  /** @throws RangeError for a negative or NaN threshold */
  constructor(
    threshold: Threshold,
    /** e */
    readonly exponent: number,
  ) {
    const { absolute = 0, relative = 0, rule } = threshold;
    checkThreshold(threshold);
    this.given = absolute;
    this.absolute = timesPowerOfTwo(absolute, exponent);
    this.relative = relative;
    this.rule = rule;
  }

  /** Whether it depends on σ₁. */
  get isRelative(): boolean {
    return this.relative > 0 || this.rule !== undefined;
  }

  /**
   * Returns true if the threshold is at least σ₁, so that no singular value exceeds it. `largest` encloses the scaled
   * σ₁, or σ₁² with squared ends.
   */
  coversAll(largest: Interval, ends: Interval): boolean {
    return this.relative >= 1 || (this.isRelative && ends.lower >= largest.upper);
  }

  /** Returns the threshold for a scaled σ₁ in the interval. @throws RangeError for a rule if σ₁ itself overflows */
  tau({ lower, upper }: Interval): Interval {
    if (this.rule !== undefined && timesPowerOfTwo(lower, -this.exponent) === Infinity) throw beyondDoubles();
    if (!this.isRelative && this.given === 0) return { lower: 0, upper: 0 };
    return { lower: Math.max(0, this.of(lower) * DOWN - MIN), upper: this.of(upper) * UP + MIN };
  }

  /** Returns the squared threshold for a scaled σ₁² in the interval. */
  squared(square: Interval): Interval {
    const { lower, upper } = this.tau({
      lower: Math.sqrt(square.lower) * DOWN,
      upper: Math.sqrt(square.upper) * UP,
    });
    return { lower: lower * lower * DOWN, upper: upper * upper * UP };
  }

  /**
   * Returns the threshold in the unit of the given matrix, from an interval of scaled ones. A threshold known exactly
   * stays exact.
   */
  unscaled({ lower, upper }: Interval): Interval {
    if (!this.isRelative) return { lower: this.given, upper: this.given };
    const [min, max] = [lower, upper].map((tau) => timesPowerOfTwo(tau, -this.exponent)) as [number, number];
    // subnormal ends are rounded
    return {
      lower: min < 2 ** -1020 ? Math.max(0, min - 2 ** -1074) : min,
      upper: max < 2 ** -1020 && upper > 0 ? max + 2 ** -1074 : max,
    };
  }

  private of(largest: number): number {
    if (this.rule === undefined) return Math.max(this.absolute, this.relative * largest);
    const threshold = this.rule(timesPowerOfTwo(largest, -this.exponent));
    if (!(threshold >= 0)) throw invalid('threshold of the rule', threshold, 'a number >= 0');
    return timesPowerOfTwo(threshold, this.exponent);
  }
}

/** @throws RangeError for an invalid, negative or NaN threshold */
export function checkThreshold(threshold: Threshold): void {
  if (typeof threshold !== 'object' || threshold === null)
    throw invalid('threshold', threshold, 'an object such as { absolute: 0, relative: 0.1 }');
  const { absolute = 0, relative = 0, rule, ...others } = threshold;
  const [strange] = Object.keys(others);
  if (strange !== undefined) throw unknown('key of the threshold', strange, ['absolute', 'relative', 'rule']);
  if (rule !== undefined && typeof rule !== 'function')
    throw invalid('rule of the threshold', rule, 'a function of the largest singular value');
  if (!(typeof absolute === 'number' && absolute >= 0))
    throw invalid('absolute threshold', absolute, 'a number >= 0');
  if (!(typeof relative === 'number' && relative >= 0 && relative < Infinity))
    throw invalid('relative threshold', relative, 'a finite number >= 0');
}
