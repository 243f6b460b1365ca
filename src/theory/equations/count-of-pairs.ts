import { type Complexes, complexes, solveInPlace } from './complex.js';
import type { LayerParts } from '../layer-parts.js';
import { columnFunction, entryFunction, type PairFunctions, rowFunction } from './pair-functions.js';
import type { Solution } from './resolvent.js';

/**
 * Returns what pairs of directions add to the expected count, formulas (16) and (17) of docs/theory.md. The equations take
 * harmonics as normal numbers, whose fourth moments are not those of functions of a cosine. Batch statistics take from
 * the columns what their density fluctuates in degrees 1 and 2, and give the second to the rows.
 *
 * @param batch whether the rows are normalized with batch statistics
 */
export function countOfPairs(
  functions: PairFunctions,
  parts: LayerParts,
  solution: Solution,
  batch: boolean,
): number {
  const { w, v } = parts;
  const { g, h } = solution;
  const [R, n] = [w.length, w.length + v.length];
  const weights = Float64Array.of(...w, ...v);
  const unknowns = { re: Float64Array.of(...g.re, ...h.re), im: Float64Array.of(...g.im, ...h.im) };
  const channels = [1, 2].map((degree) => ({ degree, jacobian: identity(n) }));
  let phase = 0;
  for (let a = 0; a < n; a++) {
    for (let c = 0; c <= a; c++) {
      const isEntry = a >= R && c < R;
      const shape = isEntry
        ? entryFunction(functions, parts, solution, c, a - R)
        : a < R
          ? rowFunction(functions, parts, solution, a, c)
          : columnFunction(functions, parts, solution, a - R, c - R);
      squareTimes(shape, unknowns, a, c);
      const excess = isEntry ? excessOfEntries(shape, functions) : -excessOfOthers(shape, functions) / 4;
      phase += weights[a]! * weights[c]! * excess * (a === c || isEntry ? 1 : 2);
      for (const { degree, jacobian } of channels) {
        const { re, im } = moment(shape, functions, functions.polynomials[degree]!);
        const sign = isEntry ? 1 : -1;
        const places =
          a === c
            ? [[a, c] as const]
            : ([
                [a, c],
                [c, a],
              ] as const);
        for (const [from, to] of places) {
          jacobian.re[from * n + to]! += sign * weights[to]! * re;
          jacobian.im[from * n + to]! += sign * weights[to]! * im;
        }
      }
    }
  }
  if (batch) for (const channel of channels) phase += phaseOfBatch(functions, parts, weights, channel);
  return -phase / Math.PI;
}

/**
 * Returns the phase that batch statistics add in a degree. Of the columns x, sums of x and of x xᵀ are fixed. In exchange
 * the rows follow the covariance of the columns, in degree 2.
 */
function phaseOfBatch(
  { dimension, counts }: PairFunctions,
  { lengths, columns, w }: LayerParts,
  weights: Float64Array,
  { degree, jacobian }: { readonly degree: number; readonly jacobian: Complexes },
): number {
  const [R, n] = [w.length, weights.length];
  const fixed = lengths.map((length) => length ** degree);
  const size = fixed.reduce((sum, x, j) => sum + weights[R + j]! * x * x, 0);
  const responses = complexes(2 * n);
  for (let a = 0; a < n; a++) responses.re[2 * a + Number(a >= R)] = a < R ? 1 : fixed[a - R]!;
  solveInPlace(jacobian, responses, n, 2);
  let [rows, columnsSum] = [0, 0];
  for (let a = 0; a < R; a++) rows += weights[a]! * responses.im[2 * a]!;
  for (let a = R; a < n; a++) columnsSum += weights[a]! * fixed[a - R]! * responses.im[2 * a + 1]!;
  const given = degree === 2 ? (rows / columns) * (dimension / (dimension + 2)) : 0;
  return (counts[degree]! / 2) * (columnsSum / size - given);
}

/** Replaces a function by its square times two of the unknowns. */
function squareTimes(shape: Complexes, unknowns: Complexes, a: number, c: number): void {
  const [x, y] = [unknowns.re[a]!, unknowns.im[a]!];
  const re = x * unknowns.re[c]! - y * unknowns.im[c]!;
  const im = x * unknowns.im[c]! + y * unknowns.re[c]!;
  for (let k = 0; k < shape.re.length; k++) {
    const real = shape.re[k]! ** 2 - shape.im[k]! ** 2;
    const imaginary = 2 * shape.re[k]! * shape.im[k]!;
    shape.re[k] = real * re - imaginary * im;
    shape.im[k] = real * im + imaginary * re;
  }
}

/** Returns the imaginary part of the mean of log(1 + s) less that of a normal entry. The latter is s - 3 (mean s)² / 2. */
function excessOfEntries(s: Complexes, { weights }: PairFunctions): number {
  let [re, im, sum] = [0, 0, 0];
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k]! * (Math.atan2(s.im[k]!, 1 + s.re[k]!) - s.im[k]!);
    re += weights[k]! * s.re[k]!;
    im += weights[k]! * s.im[k]!;
  }
  return sum + 3 * re * im;
}

/** Returns the imaginary part of the mean of s² less that of a normal entry, 3 (mean s)². */
function excessOfOthers(s: Complexes, { weights }: PairFunctions): number {
  let [re, im, sum] = [0, 0, 0];
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k]! * 2 * s.re[k]! * s.im[k]!;
    re += weights[k]! * s.re[k]!;
    im += weights[k]! * s.im[k]!;
  }
  return sum - 6 * re * im;
}

function moment({ re, im }: Complexes, { weights }: PairFunctions, polynomial: Float64Array) {
  const sum = { re: 0, im: 0 };
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k]! * polynomial[k]!;
    sum.re += weight * re[k]!;
    sum.im += weight * im[k]!;
  }
  return sum;
}

function identity(n: number): Complexes {
  const matrix = complexes(n * n);
  for (let k = 0; k < n; k++) matrix.re[k * (n + 1)] = 1;
  return matrix;
}
