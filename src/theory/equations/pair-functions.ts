import { type Complexes, complexes } from './complex.js';
import { gegenbauer, harmonicCounts, type Quadrature, sphereQuadrature } from '../harmonics.js';
import type { LayerParts, RowType } from '../layer-parts.js';
import type { Solution } from './resolvent.js';

/** Functions of the cosine t between two directions, on the nodes of a quadrature rule. */
export interface PairFunctions extends Quadrature {
  readonly dimension: number;
  /** Gegenbauer polynomials at the nodes and their numbers of harmonics, by degree. */
  readonly polynomials: readonly Float64Array[];
  readonly counts: Float64Array;
  /** The features less all degrees that are parts of their own. Row type i and column type j are at i C + j. */
  readonly tails: readonly Float64Array[];
}

/** Nodes of the rule, odd: a kink at 0 is on one. Functions need less accuracy here than for their degrees. */
const NODES = 301;

/**
 * Returns the functions of a layer, of which `parts` are the degrees.
 * @param highest degrees above it are left out
 */
export function pairFunctions(
  parts: LayerParts,
  rowTypes: readonly RowType[],
  highest = Math.max(2, ...parts.degrees),
): PairFunctions {
  const { dimension, degrees, lengths } = parts;
  const { nodes, weights } = sphereQuadrature(dimension, NODES);
  const polynomials = gegenbauer(dimension, nodes, highest);
  const counts = harmonicCounts(dimension, highest);
  const tails = rowTypes.flatMap(({ scale, shift, f }) =>
    Array.from(lengths, (length) => {
      const values = nodes.map((t) => f(scale * length * t + shift));
      const tail = values.slice();
      for (const degree of degrees) {
        const polynomial = polynomials[degree];
        if (polynomial === undefined) continue; // the tail
        const share = values.reduce((sum, y, k) => sum + weights[k]! * y * polynomial[k]!, 0);
        for (let k = 0; k < tail.length; k++) tail[k]! -= counts[degree]! * share * polynomial[k]!;
      }
      return tail;
    }),
  );
  return { dimension, nodes, weights, polynomials, counts, tails };
}

/**
 * Returns the part of an entry that the other entries of its row and column do not determine. It is each degree times Q,
 * and the tail, for row type i and column type j.
 */
export function entryFunction(
  functions: PairFunctions,
  parts: LayerParts,
  { Q }: Solution,
  i: number,
  j: number,
): Complexes {
  const { phi, psi, w, v } = parts;
  const sum = combination(functions, parts, psi, v.length, j, Q, phi, w.length, i, 'entries');
  const tail = functions.tails[i * v.length + j]!;
  for (let k = 0; k < tail.length; k++) sum.re[k]! += tail[k]!;
  return sum;
}

/** Returns the likeness of rows of types i and k. The entry of the resolvent is -g_i g_k times it. */
export const rowFunction = (f: PairFunctions, parts: LayerParts, { S }: Solution, i: number, k: number) =>
  combination(f, parts, parts.phi, parts.w.length, i, S, parts.phi, parts.w.length, k, 'products');

/** Returns the same for columns of types j and m. */
export const columnFunction = (f: PairFunctions, parts: LayerParts, { T }: Solution, j: number, m: number) =>
  combination(f, parts, parts.psi, parts.v.length, j, T, parts.psi, parts.v.length, m, 'products');

/** Returns sum over l of left(a)ᵀ M_l right(c) P_l, each times the root of the harmonics for entries. */
function combination(
  { polynomials, counts, nodes }: PairFunctions,
  { degrees, pairs: r }: LayerParts,
  left: Float64Array,
  leftCount: number,
  a: number,
  M: Complexes,
  right: Float64Array,
  rightCount: number,
  c: number,
  of: 'entries' | 'products',
): Complexes {
  const sum = complexes(nodes.length);
  degrees.forEach((degree, l) => {
    const polynomial = polynomials[degree];
    if (polynomial === undefined) return;
    let [re, im] = [0, 0];
    for (let s = 0; s < r; s++) {
      for (let t = 0; t < r; t++) {
        const factor = left[(l * r + s) * leftCount + a]! * right[(l * r + t) * rightCount + c]!;
        re += factor * M.re[(l * r + s) * r + t]!;
        im += factor * M.im[(l * r + s) * r + t]!;
      }
    }
    const size = of === 'entries' ? Math.sqrt(counts[degree]!) : 1;
    for (let k = 0; k < nodes.length; k++) {
      sum.re[k]! += size * re * polynomial[k]!;
      sum.im[k]! += size * im * polynomial[k]!;
    }
  });
  return sum;
}
