import { addChainSlopes } from './chain.js';
import { type Complexes, ratio } from './complex.js';
import type { LayerParts } from '../layer-parts.js';
import { addSquares } from './part-sums.js';
import type { Solution, Unknowns } from './resolvent.js';

/**
 * Writes the Jacobian of the residuals (g - G, h - H) in units of the unknowns, formula (8) of docs/theory.md.
 *
 * @param z minus the point where eigenvalues are looked at, off the real axis
 * @param own where it is taken
 * @param to the right-hand sides G and H there, and the sums they are made of
 * @param takes which degrees take part
 * @param jacobian n x n, where n is the number of row types plus the number of column types
 */
export function writeJacobian(
  parts: LayerParts,
  z: { readonly re: number; readonly im: number },
  own: Unknowns,
  to: Solution,
  takes: (degree: number) => boolean,
  jacobian: Complexes,
): void {
  const { w, v, phi, psi, inverseCounts, degrees, pairs: r } = parts;
  const [R, C] = [w.length, v.length];
  const n = R + C;
  // the derivatives of the sums in 1 / G and 1 / H, without weights: [rows, cross; crossᵀ, columns]
  jacobian.re.fill(0);
  jacobian.im.fill(0);
  degrees.forEach((degree, l) => {
    if (!takes(degree)) return;
    const b = inverseCounts[l]!;
    const [rowsAt, columnsAt, at] = [l * r * R, l * r * C, l * r * r];
    addSquares(jacobian, n, R, 0, psi, columnsAt, C, to.Q, phi, rowsAt, R, r, at, 1);
    if (b === 0) return;
    addSquares(jacobian, n, 0, 0, phi, rowsAt, R, to.S, phi, rowsAt, R, r, at, -b);
    addSquares(jacobian, n, R, R, psi, columnsAt, C, to.T, psi, columnsAt, C, r, at, -b);
  });
  for (let i = 0; i < R; i++) {
    for (let j = 0; j < C; j++) {
      jacobian.re[i * n + R + j] = jacobian.re[(R + j) * n + i]!;
      jacobian.im[i * n + R + j] = jacobian.im[(R + j) * n + i]!;
    }
  }
  for (let a = 0; a < n; a++) {
    const [old, value, k] = a < R ? [own.g, to.g, a] : [own.h, to.h, a - R];
    const [re, im] = [value.re[k]!, value.im[k]!];
    const factor = ratio(re * re - im * im, 2 * re * im, old.re[k]!, old.im[k]!); // value² / old
    for (let c = 0; c < n; c++) {
      const at = a * n + c;
      const [other, weight, m] = c < R ? [own.g, w[c]!, c] : [own.h, v[c - R]!, c - R];
      const mre = jacobian.re[at]! * weight;
      const mim = jacobian.im[at]! * weight;
      const pre = mre * other.re[m]! - mim * other.im[m]!;
      const pim = mre * other.im[m]! + mim * other.re[m]!;
      jacobian.re[at] = pre * factor.re - pim * factor.im + (a === c ? 1 : 0);
      jacobian.im[at] = pre * factor.im + pim * factor.re;
    }
    if (parts.chain && a < R) addChainSlopes(parts, z, own.g, a, factor, jacobian, n);
  }
}
