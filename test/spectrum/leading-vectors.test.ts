import { describe, expect, it } from 'vitest';
import { createStream } from '../../src/random/stream.js';
import { fillNormal } from '../../src/random/distributions.js';
import { leadingVectors } from '../../src/spectrum/leading-vectors.js';
import { principalAngles } from '../../src/spectrum/principal-angles.js';
import { singularValues } from '../../src/spectrum/singular-values.js';

function normal(rows: number, columns: number, name: string) {
  const data = new Float64Array(rows * columns);
  fillNormal(createStream(0, name), data);
  return { data, rows, columns };
}

describe('leadingVectors', () => {
  it.each([
    [40, 90],
    [90, 40],
    [5, 9],
    [1, 4],
  ])('A v = σ u and orthonormal vectors for %i x %i', (rows, columns) => {
    const matrix = normal(rows, columns, 'vectors');
    const spectrum = singularValues(matrix);
    const count = Math.min(6, rows);
    const { values, left, right } = leadingVectors(matrix, count, spectrum);
    for (let i = 0; i < count; i++) {
      expect(Math.abs(values[i]! - spectrum[i]!)).toBeLessThan(1e-10 * spectrum[0]!);
      for (let r = 0; r < rows; r++) {
        let sum = 0;
        for (let c = 0; c < columns; c++) sum += matrix.data[r * columns + c]! * right[i * columns + c]!;
        expect(Math.abs(sum - values[i]! * left[i * rows + r]!)).toBeLessThan(2e-8 * spectrum[0]!);
      }
      for (let j = 0; j < count; j++) {
        let dot = 0;
        for (let r = 0; r < rows; r++) dot += left[i * rows + r]! * left[j * rows + r]!;
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-12);
      }
    }
  });

  it('finds every vector of a multiple singular value, and those of a matrix of zeros', () => {
    const data = Float64Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? (i < 26 ? 2 : 1) : 0));
    const { values, left } = leadingVectors({ data, rows: 12, columns: 12 }, 2, [2, 2, 1]);
    expect(Array.from(values, (value) => value.toFixed(9))).toEqual(['2.000000000', '2.000000000']);
    const plane = Float64Array.from({ length: 24 }, (_, i) => (i === 0 || i === 13 ? 1 : 0));
    expect(Math.max(...principalAngles(left, plane, 12))).toBeLessThan(1e-8);
    const zero = leadingVectors({ data: new Float32Array(12), rows: 3, columns: 4 }, 2);
    expect(Array.from(zero.values)).toEqual([0, 0]);
  });
});

describe('principalAngles', () => {
  it('are the angles that the subspaces were built with, small and large', () => {
    const angles = [1e-9, 0.3, 1.2, Math.PI / 2];
    const length = 8;
    const [one, other] = [new Float64Array(4 * length), new Float64Array(4 * length)];
    for (const [i, angle] of angles.entries()) {
      one[i * length + i] = 1;
      other[i * length + i] = Math.cos(angle);
      other[i * length + 4 + i] = Math.sin(angle);
    }
    const found = principalAngles(one, other, length);
    for (const [i, angle] of angles.entries())
      expect(Math.abs(found[i]! - angle)).toBeLessThan(1e-15 + 1e-14 * angle);
  });
});
