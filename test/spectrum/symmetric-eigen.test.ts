import { expect, it } from 'vitest';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { symmetricEigen } from '../../src/spectrum/symmetric-eigen.js';

function gram(size: number, columns: number, scale: (i: number) => number) {
  const x = new Float64Array(size * columns);
  fillNormal(createStream(0, `${size}`), x);
  x.forEach((value, at) => (x[at] = value * scale(Math.floor(at / columns))));
  const entries = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let k = 0; k < columns; k++) entries[i * size + j]! += x[i * columns + k]! * x[j * columns + k]!;
  return { entries, x };
}

it.each([
  ['of full rank', 40, 60, () => 1],
  ['of low rank', 40, 11, () => 1],
  ['with rows of zeros', 40, 60, (i: number) => (i % 3 ? 0 : 1)],
  ['graded', 40, 60, (i: number) => 10 ** (-i / 4)],
  ['tiny', 30, 60, () => 1e-120],
  ['of one row', 1, 3, () => 1],
])('eigenvectors of a Gram matrix %s are orthonormal and fit', (_, size, columns, scale) => {
  const { entries, x } = gram(size, columns, scale);
  const { values, vectors } = symmetricEigen(entries, size);
  const [largest] = values as unknown as [number];
  const sigma = singularValues({ data: x, rows: size, columns }, { accuracy: 'full' });
  sigma.forEach((value, i) =>
    expect(Math.abs(values[i]! / largest - (value / sigma[0]!) ** 2)).toBeLessThan(1e-14),
  );
  const v = vectors(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let k = 0; k < size; k++) dot += v[i * size + k]! * v[j * size + k]!;
      expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-13);
    }
    for (let r = 0; r < size; r++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (entries[r * size + k]! / largest) * v[i * size + k]!;
      expect(Math.abs(sum - (values[i]! / largest) * v[i * size + r]!)).toBeLessThan(1e-14 * size);
    }
  }
});

it('takes zeros and multiple eigenvalues', () => {
  const { values, vectors } = symmetricEigen(new Float64Array(9), 3);
  expect(Array.from(values)).toEqual([0, 0, 0]);
  expect(Array.from(vectors(2))).toEqual([1, 0, 0, 0, 1, 0]);
  const { values: four } = symmetricEigen(
    Float64Array.from({ length: 16 }, (_, i) => (i % 5 ? 0 : 2)),
    4,
  );
  expect(Array.from(four)).toEqual([2, 2, 2, 2]);
});
