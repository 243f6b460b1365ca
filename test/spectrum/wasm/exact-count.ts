import type { Matrix } from '../../../src/spectrum/matrix.js';

/** A rational number numerator / 2^shift; shift may be negative. */
interface Dyadic {
  numerator: bigint;
  shift: number;
}

/**
 * Returns the exact number of singular values of a small matrix greater than `tau`, by rational arithmetic. Doubles are
 * dyadic, so A Aᵀ - tau² I, scaled, is a matrix of integers. The signs of its leading minors give its inertia (Jacobi),
 * and the minors come from fraction-free elimination (Bareiss 1968). Undefined if a minor is zero.
 */
export function exactCount({ data, rows, columns }: Matrix, tau: number): number | undefined {
  const wide = rows <= columns;
  const n = wide ? rows : columns;
  const length = wide ? columns : rows;
  const entries = Array.from(data, dyadic);
  const threshold = dyadic(tau);
  const shift = Math.max(threshold.shift, ...entries.map((entry) => entry.shift));
  const whole = ({ numerator, shift: own }: Dyadic): bigint => numerator << BigInt(shift - own);
  const integers = entries.map(whole);
  const square = whole(threshold) ** 2n;
  const at = (i: number, k: number): bigint => integers[wide ? i * columns + k : k * columns + i]!;
  const s = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let sum = i === j ? -square : 0n;
      for (let k = 0; k < length; k++) sum += at(i, k) * at(j, k);
      return sum;
    }),
  );
  return positiveEigenvalues(s);
}

function positiveEigenvalues(s: bigint[][]): number | undefined {
  const n = s.length;
  let previous = 1n;
  let positive = 0;
  for (let k = 0; k < n; k++) {
    const minor = s[k]![k]!;
    if (minor === 0n) return undefined;
    if (minor > 0n === previous > 0n) positive++;
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j <= i; j++) {
        s[i]![j] = (s[i]![j]! * minor - s[i]![k]! * s[j]![k]!) / previous;
      }
    }
    previous = minor;
  }
  return positive;
}

function dyadic(value: number): Dyadic {
  let shift = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    // below 2^-1000 in one step, so that no bit is lost to the range
    scaled *= 2;
    shift++;
  }
  return { numerator: BigInt(scaled), shift };
}
