import { complexes, solveInPlace } from './complex.js';
import { writeJacobian } from './jacobian.js';
import type { LayerParts } from '../layer-parts.js';
import { addForms } from './part-sums.js';
import type { ResolventPoint, Solution } from './resolvent.js';

/**
 * Returns what the fluctuations of a real random matrix add to the expected count of eigenvalues. It is -1 / (2 pi)
 * times the argument of the determinant of Newton's Jacobian, formula (14) of docs/theory.md. It is 1/4 just inside an
 * upper edge, -1/4 just inside a lower one, and 0 outside. The mean of the features does not fluctuate and takes no
 * part.
 */
export function countOfFluctuations(
  parts: LayerParts,
  { x, eta }: ResolventPoint,
  solution: Solution,
): number {
  const n = parts.w.length + parts.v.length;
  const jacobian = complexes(n * n);
  const z = { re: -x, im: x * eta };
  writeJacobian(parts, z, solution, solution, (degree) => degree !== 0, jacobian);
  return -solveInPlace(jacobian, complexes(0), n, 0) / (2 * Math.PI);
}

/**
 * Returns what the fixed lengths of directions on a sphere add to the expected count, formula (15). Harmonics of a
 * direction have a fixed sum of squares, where the equations take them as normal numbers.
 */
export function countOfLengths(parts: LayerParts, solution: Solution): number {
  const { w, v, phi, psi, pairs: r } = parts;
  let phase = 0;
  parts.degrees.forEach((degree, l) => {
    if (degree < 1) return;
    for (const [weights, unknowns, factors, M] of [
      [w, solution.g, phi, solution.S],
      [v, solution.h, psi, solution.T],
    ] as const) {
      const forms = complexes(weights.length);
      addForms(forms, factors, l * r * weights.length, M, r, l * r * r);
      for (let k = 0; k < weights.length; k++) {
        const re = unknowns.re[k]! * forms.re[k]! - unknowns.im[k]! * forms.im[k]!;
        const im = unknowns.re[k]! * forms.im[k]! + unknowns.im[k]! * forms.re[k]!;
        phase += parts.inverseCounts[l]! * weights[k]! * 2 * re * im;
      }
    }
  });
  return -phase / Math.PI;
}
