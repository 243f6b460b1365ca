import { type Complexes, ratio } from './complex.js';
import type { LayerParts } from '../layer-parts.js';

/**
 * Layers one after the other, formula (18) of docs/theory.md. The row types of such parts are the layers, last one
 * first. Each takes the features of the next type as its inputs, through normal weights, besides its own parts.
 */

/** Returns the z of a layer. It is z itself in the last layer, and n / (m strength g) below a layer of m rows. */
function zOf({ w, chain }: LayerParts, k: number, z: Complex, g: Complexes): Complex {
  if (k === 0 || !chain) return z;
  return ratio(w[k]! / (w[k - 1]! * chain[k]!), 0, g.re[k - 1]!, g.im[k - 1]!);
}

/** Returns the term of a layer that the one below adds. `sum` is n (1 - z g) / (m g), `slope` is n z g / (m g). */
function fromBelow(parts: LayerParts, k: number, z: Complex, g: Complexes): { sum: Complex; slope: Complex } {
  const below = zOf(parts, k + 1, z, g);
  const share = parts.w[k + 1]! / parts.w[k]!;
  const re = share * (below.re * g.re[k + 1]! - below.im * g.im[k + 1]!);
  const im = share * (below.re * g.im[k + 1]! + below.im * g.re[k + 1]!);
  return {
    sum: ratio(share - re, -im, g.re[k]!, g.im[k]!),
    slope: ratio(re, im, g.re[k]!, g.im[k]!),
  };
}

/** Writes the start of each row's sum: z, and for a chain what the layers give each other. */
export function startRowSums(parts: LayerParts, z: Complex, g: Complexes, sums: Complexes): void {
  for (let k = 0; k < sums.re.length; k++) {
    const own = zOf(parts, k, z, g);
    const below = parts.chain && k + 1 < sums.re.length ? fromBelow(parts, k, z, g).sum : { re: 0, im: 0 };
    sums.re[k] = own.re + below.re;
    sums.im[k] = own.im + below.im;
  }
}

/** Writes where Newton starts far above all eigenvalues: g = 1 / z. */
export function startRows(parts: LayerParts, z: Complex, g: Complexes): void {
  for (let k = 0; k < g.re.length; k++) {
    const own = zOf(parts, k, z, g);
    const start = ratio(1, 0, own.re, own.im);
    g.re[k] = start.re;
    g.im[k] = start.im;
  }
}

/** Adds the derivatives of the chain's sum, times a factor, to row k of a Jacobian. They are in units of the unknowns. */
export function addChainSlopes(
  parts: LayerParts,
  z: Complex,
  g: Complexes,
  k: number,
  factor: Complex,
  jacobian: Complexes,
  n: number,
): void {
  const add = (column: number, re: number, im: number) => {
    jacobian.re[k * n + column]! += re * factor.re - im * factor.im;
    jacobian.im[k * n + column]! += re * factor.im + im * factor.re;
  };
  if (k > 0) {
    const own = zOf(parts, k, z, g);
    add(k - 1, -own.re, -own.im);
  }
  if (k + 1 < g.re.length) {
    const { sum, slope } = fromBelow(parts, k, z, g);
    add(k, slope.re - sum.re, slope.im - sum.im);
    add(k + 1, -slope.re, -slope.im);
  }
}

/** Returns what the rows add to the phase of the log-determinant, brought back to the real axis: formula (9). */
export function rowPhase(parts: LayerParts, x: number, g: Complexes): number {
  const { w, chain } = parts;
  const argument = (k: number) => Math.atan2(g.im[k]!, g.re[k]!);
  let phase = 0;
  for (let k = 0; k < w.length; k++) {
    if (k === 0 || !chain) {
      // Im(z g) minus the correction eta x Re(g) is -x Im(g)
      phase -= w[k]! * (argument(k) + x * g.im[k]!);
    } else {
      const own = zOf(parts, k, { re: 0, im: 0 }, g);
      const product = own.re * g.im[k]! + own.im * g.re[k]!;
      phase -= w[k]! * (argument(k) - argument(k - 1) - product);
    }
  }
  return phase;
}

/** Rows whose number and trace count: all, or those of the last layer of a chain. */
export const countedRows = ({ w, chain }: LayerParts): Float64Array => (chain ? w.subarray(0, 1) : w);

interface Complex {
  readonly re: number;
  readonly im: number;
}
