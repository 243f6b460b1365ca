import { type LayerParts, withDegree } from './layer-parts.js';
import { type ResolventPoint, Resolvent, type Solution } from './resolvent.js';

/** Distance from the real axis in the search for the largest eigenvalue. */
const ETA = 1e-3;

/**
 * The expected number of eigenvalues above the mean of the Tracy-Widom law (beta = 1), -1.2065. In the deterministic
 * density of an edge it is 2 / (3 pi) 1.2065^1.5.
 */
const EDGE_COUNT = (2 / (3 * Math.PI)) * 1.206533574582 ** 1.5;

/** Step in log x on the way down to the largest eigenvalue; `CLOSE` is the tolerance inside the last step. */
const STEP = 0.12;
const CLOSE = 2e-5;

/**
 * Returns the expected largest eigenvalue of F Fᵀ and its kind. An outlier stands apart from the others (it comes from
 * the features' mean); otherwise it is their edge. Formulas (10) to (13) of docs/theory.md.
 */
export function largestEigenvalue(parts: LayerParts): { value: number; kind: 'outlier' | 'edge' } {
  const { rows, columns, dimension, energy, w, v } = parts;
  const start = 2 * rows * columns * energy;
  const countAt = (point: ResolventPoint, resolvent: Resolvent) => resolvent.count(point);
  const edgeOf = (layer: LayerParts) => descend(layer, countAt, EDGE_COUNT, start)!;

  // batch statistics compress the largest directions of degree 1; formula (13)
  const compression = 1 / (1 + (2 * ((1 + Math.sqrt(dimension / columns)) ** 2 - 1)) / (dimension + 2));
  const zero = parts.degrees.indexOf(0);
  if (zero < 0) return { value: edgeOf(withDegree(parts, 1, compression)), kind: 'edge' };

  const { pairs } = parts;
  const phi = parts.phi.subarray(zero * pairs * w.length, zero * pairs * w.length + w.length);
  const psi = parts.psi.subarray(zero * pairs * v.length, zero * pairs * v.length + v.length);
  const bulk = withDegree(parts, 0, 0, 'leading');
  const edge = edgeOf(bulk);

  const beyond = (point: ResolventPoint, resolvent: Resolvent) => {
    const solution = resolvent.solve(point, 1e-7);
    let [re, im] = [0, 0];
    for (let i = 0; i < w.length; i++) {
      re += w[i]! * phi[i]! ** 2 * solution.g.re[i]!;
      im += w[i]! * phi[i]! ** 2 * solution.g.im[i]!;
    }
    const ones = columnsOnOnes(bulk, solution, psi);
    return -1 - (re * ones.re - im * ones.im);
  };
  const outlier = descend(bulk, beyond, 0, start, edge);
  if (outlier !== undefined && outlier > edge) return { value: outlier, kind: 'outlier' };

  // a weak outlier or none: the edge of the whole layer, with degree 0 weakened as on the vector of ones
  const resolvent = new Resolvent(bulk);
  resolvent.walk(start, edge, ETA);
  const solution = resolvent.solve({ x: edge, eta: ETA });
  const all = v.reduce((sum, count, j) => sum + count * psi[j]! ** 2 * solution.h.re[j]!, 0);
  const weaker = columnsOnOnes(bulk, solution, psi).re / all;
  return {
    value: edgeOf(withDegree(withDegree(parts, 1, compression), 0, weaker, 'leading')),
    kind: 'edge',
  };
}

/**
 * Returns the sum over the columns of psi_0² h, where h excludes degrees 1 and 2. Batch statistics make the row sums of
 * z and of z² - 1 zero, so both degrees vanish on the vector of ones. Formula (12).
 */
function columnsOnOnes(
  { v, psi, degrees, pairs: r }: LayerParts,
  { T }: Solution,
  psi0: Float64Array,
): { re: number; im: number } {
  const C = v.length;
  let [re, im] = [0, 0];
  for (let j = 0; j < C; j++) {
    let [below, belowIm] = [1, 0];
    degrees.forEach((degree, l) => {
      if (degree >= 0 && degree <= 2) return;
      for (let s = 0; s < r; s++) {
        for (let t = 0; t < r; t++) {
          const factor = psi[(l * r + s) * C + j]! * psi[(l * r + t) * C + j]!;
          below += factor * T.re[(l * r + s) * r + t]!;
          belowIm += factor * T.im[(l * r + s) * r + t]!;
        }
      }
    });
    const norm = below ** 2 + belowIm ** 2;
    re += (v[j]! * psi0[j]! ** 2 * below) / norm;
    im -= (v[j]! * psi0[j]! ** 2 * belowIm) / norm;
  }
  return { re, im };
}

/** Returns the largest x above `stop` where a function of a layer reaches a level, or undefined. */
function descend(
  layer: LayerParts,
  valueAt: (point: ResolventPoint, resolvent: Resolvent) => number,
  level: number,
  start: number,
  stop = 0,
): number | undefined {
  const resolvent = new Resolvent(layer);
  let logX = Math.log(start);
  let back = resolvent.save();
  const excess = () => valueAt({ x: Math.exp(logX), eta: ETA }, resolvent) - level;
  let above = excess();
  let below = above;
  while (below < 0) {
    above = below;
    back = resolvent.save();
    logX -= STEP;
    if (Math.exp(logX) < stop) return undefined;
    below = excess();
  }
  // the Illinois rule: a secant that halves the value at the kept end, so that both ends move
  let [low, high] = [logX, logX + STEP];
  let side = 0;
  for (let i = 0; i < 40 && high - low > CLOSE; i++) {
    logX = (low * above - high * below) / (above - below);
    if (!(logX > low && logX < high)) logX = (low + high) / 2;
    back();
    const value = excess();
    if (Math.abs(value) < CLOSE) return Math.exp(logX);
    if (value < 0) {
      [high, above] = [logX, value];
      back = resolvent.save();
      if (side === -1) below /= 2;
      side = -1;
    } else {
      [low, below] = [logX, value];
      if (side === 1) above /= 2;
      side = 1;
    }
  }
  return Math.exp((low + high) / 2);
}
