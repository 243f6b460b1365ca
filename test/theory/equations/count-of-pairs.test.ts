import { describe, expect, it } from 'vitest';
import { countOfPairs } from '../../../src/theory/equations/count-of-pairs.js';
import { countOfFluctuations, countOfLengths } from '../../../src/theory/equations/finite-size.js';
import { harmonicCounts, sphereQuadrature } from '../../../src/theory/harmonics.js';
import { layerParts } from '../../../src/theory/layer-parts.js';
import { pairFunctions } from '../../../src/theory/equations/pair-functions.js';
import { Resolvent } from '../../../src/theory/equations/resolvent.js';

/**
 * Returns what finite sizes add to the count at -z, for columns of one length. The point lies far beyond all
 * eigenvalues and off the axis.
 */
function additions(f: (x: number) => number, dimension: number, batch: boolean) {
  const [rows, columns] = [400, 600];
  const rowTypes = [{ scale: 1, shift: 0, share: 1, f }];
  const parts = layerParts({ rows, columns, dimension }, rowTypes, {
    nodes: Float64Array.of(Math.sqrt(dimension)),
    weights: Float64Array.of(1),
  });
  const point = { x: 1e5 * rows * columns * parts.energy, eta: 1 };
  const solution = new Resolvent(parts).solve(point, 1e-13);
  const count =
    countOfFluctuations(parts, point, solution) +
    countOfLengths(parts, solution) +
    countOfPairs(pairFunctions(parts, rowTypes), parts, solution, batch);
  // Im z⁻² = 1 / (2 x²) at z = -x (1 - i)
  return { rows, columns, parts, perSquare: -Math.PI * count * 2 * point.x ** 2 };
}

describe('what finite sizes add, far from all eigenvalues', () => {
  // log det(z + F Fᵀ) has -tr (F Fᵀ)² / (2 z²); of directions that are independent and uniform its mean is a sum of
  // moments of f, and the equations have its leading part
  it.each([
    ['x³ - 2x', (x: number) => x ** 3 - 2 * x, 20],
    ['x² - 1', (x: number) => x * x - 1, 12],
    ['hard tanh', (x: number) => Math.max(-1, Math.min(1, x)), 15],
  ])('is the exact moment for %s', (_, f, dimension) => {
    const { rows, columns, parts, perSquare } = additions(f, dimension, false);
    const { nodes, weights } = sphereQuadrature(dimension);
    const moment = (power: number) =>
      nodes.reduce((sum, t, k) => sum + weights[k]! * f(Math.sqrt(dimension) * t) ** power, 0);
    const counts = harmonicCounts(dimension, 48);
    const cycles = parts.degrees.reduce(
      (sum, degree, l) => (degree < 0 ? sum : sum + (parts.phi[l]! * parts.psi[l]!) ** 4 / counts[degree]!),
      0,
    );
    const exact = rows * columns * (moment(4) - 2 * moment(2) ** 2 - (rows + columns - 1) * cycles);
    expect(perSquare / (-exact / 2)).toBeCloseTo(1, 2);
  });

  // rows of length 1 whose directions follow the covariance S of the inputs: E tr (F Fᵀ)² = N² (n + n (n - 1) E tr C²), where
  // C = E y yᵀ = 1 / p + (S - 1) / (p + 2) and E tr (S - 1)² = (p - 1)(p + 2) / N without its trace, to first order in p / N
  it.each([12, 40])('is that of a linear layer of %d inputs with batch statistics', (p) => {
    const { rows: n, columns: N, perSquare } = additions((x) => x, p, true);
    const squares = 1 / p + (p - 1) / (p + 2) / N;
    const exact = N ** 2 * (n + n * (n - 1) * squares) - n * N ** 2 - n ** 2 * N - (n * N) ** 2 / p;
    expect(Math.abs(perSquare / (-exact / 2) - 1)).toBeLessThan((0.5 * p) / N);
  });
});
