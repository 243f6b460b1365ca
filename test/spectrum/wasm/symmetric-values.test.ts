import { expect, it } from 'vitest';
import { fillNormal } from '../../../src/random/distributions.js';
import { createStream } from '../../../src/random/stream.js';
import { symmetricEigen } from '../../../src/spectrum/symmetric-eigen.js';
import { symmetricValues } from '../../../src/spectrum/wasm/symmetric-values.js';

const EPS = 2 ** -52;

/** A symmetric matrix of independent normal entries; not that of squares, so half of its eigenvalues are negative. */
function symmetric(size: number, scale: (i: number, j: number) => number) {
  const x = fillNormal(createStream(0, `${size}`), new Float64Array(size * size));
  return x.map((_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return x[Math.max(i, j) * size + Math.min(i, j)]! * scale(i, j);
  });
}

it.each([
  ['of one row', 1, () => 1],
  ['of two', 2, () => 1],
  ['of an odd number of rows', 51, () => 1],
  ['graded', 64, (i: number, j: number) => 10 ** (-(i + j) / 8)],
  ['with rows of zeros', 40, (i: number, j: number) => (i % 3 && j % 3 ? 1 : 0)],
  ['tiny', 30, () => 1e-200],
  ['huge', 30, () => 1e200],
  ['of zeros', 9, () => 0],
])(
  'eigenvalues of a matrix %s are those of the plain reduction, and of its trace and squares',
  (_, size, scale) => {
    const matrix = symmetric(size, scale);
    const [values, { values: plain }] = [symmetricValues(matrix, size), symmetricEigen(matrix, size)];
    const largest = Math.max(...plain.map(Math.abs), Number.MIN_VALUE);
    plain.forEach((value, i) => expect(Math.abs(values[i]! - value) / largest).toBeLessThan(4 * size * EPS));
    const unit = (x: number) => x / largest;
    let [trace, squares] = [0, 0];
    for (let i = 0; i < size; i++) trace += unit(matrix[i * size + i]!);
    for (const entry of matrix) squares += unit(entry) ** 2;
    const sum = values.reduce((all, value) => all + unit(value), 0);
    const sumOfSquares = values.reduce((all, value) => all + unit(value) ** 2, 0);
    expect(Math.abs(sum - trace)).toBeLessThan(4 * size * size * EPS);
    expect(Math.abs(sumOfSquares - squares)).toBeLessThan(8 * size * size * EPS);
  },
);

it('leaves the matrix as it is', () => {
  const matrix = symmetric(12, () => 1);
  const before = matrix.slice();
  symmetricValues(matrix, 12);
  expect(matrix).toEqual(before);
});
