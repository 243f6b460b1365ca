import { countOfFluctuations } from './finite-size.js';
import { type LayerParts, withDegree, withoutLengths } from '../layer-parts.js';
import { type ResolventPoint, Resolvent, type Solution } from './resolvent.js';

/** Distance from the real axis in the search for the largest eigenvalue. */
const ETA = 1e-3;

/**
 * The expected number of eigenvalues above the mean of the Tracy-Widom law (beta = 1), -1.2065. In the deterministic
 * density of an edge it is 2 / (3 pi) 1.2065^1.5, and fluctuations add 1/4.
 */
const EDGE_COUNT = (2 / (3 * Math.PI)) * 1.206533574582 ** 1.5 + 1 / 4;

/** Step in log x on the way down to the largest eigenvalue; `CLOSE` is the tolerance inside the last step. */
const STEP = 0.12;
const CLOSE = 2e-5;

/**
 * Returns the expected largest eigenvalue of F Fᵀ and its kind. An outlier stands apart from the others (it comes from
 * the features' mean); otherwise it is their edge. Formulas (10) to (13) of docs/theory.md.
 */
export function largestEigenvalue(given: LayerParts): { value: number; kind: 'outlier' | 'edge' } {
  const parts = given.chain ? given : withoutLengths(given, 1);
  const start = 2 * parts.rows * parts.columns * parts.energy;
  const edgeOf = (layer: LayerParts) =>
    descend(
      layer,
      (point, resolvent) =>
        resolvent.count(point) + countOfFluctuations(layer, point, resolvent.solve(point)),
      EDGE_COUNT,
      start,
    )!;
  const compressed = (layer: LayerParts, nearness: number) =>
    layer.chain
      ? withDeepest(layer, 1 - (1 - (layer.edgeCompression ?? 1)) * nearness ** 2)
      : withDegree(layer, 1, compression(parts, nearness));
  if (!parts.degrees.includes(0)) return { value: edgeOf(compressed(parts, 1)), kind: 'edge' };

  const bulk = withDegree(parts, 0, 0, 'leading');
  const edge = edgeOf(compressed(bulk, 1));
  const first = outlierOf(parts, bulk, start, edge);
  if (first !== undefined) {
    const nearness = edge / first;
    const value = nearness < FAR ? first : outlierOf(parts, compressed(bulk, nearness), start, edge);
    if (value !== undefined) return { value, kind: 'outlier' };
  }

  // a weak outlier or none: the edge of the whole layer, with degree 0 weakened as on the vector of ones
  const resolvent = new Resolvent(bulk);
  resolvent.walk(start, edge, ETA);
  const solution = resolvent.solve({ x: edge, eta: ETA });
  const psi = meanOf(parts).psi;
  const all = parts.v.reduce((sum, count, j) => sum + count * psi[j]! ** 2 * solution.h.re[j]!, 0);
  const weaker = columnsOnOnes(bulk, solution, psi).re / all;
  return { value: edgeOf(withDegree(compressed(parts, 1), 0, weaker, 'leading')), kind: 'edge' };
}

/** An outlier so many times above the edge does not feel how its directions are compressed. */
const FAR = 1 / 4;

/**
 * Returns the factor by which batch statistics compress degree 1, as an eigenvalue at `edge / nearness` feels it.
 * Formula (13): a direction of strength c is divided by 1 + 2 (c - 1 - y) / (p + 2), where y = p / N keeps the energy. At
 * the edge the largest c counts, 1 + 2 sqrt(y) + y. Beyond it the mean over all c does, with weights c / (1 - s c)².
 */
function compression({ dimension, columns }: LayerParts, nearness: number): number {
  const y = dimension / columns;
  const s = Math.min(nearness, 1 - 1e-9) / (1 + Math.sqrt(y)) ** 2;
  // theta is the mean of 1 / (1 - s c) over the Marchenko-Pastur law of c, slope its derivative in s
  const b = 1 - s * (1 - y);
  const theta = (b - Math.sqrt(Math.max(0, b * b - 4 * y * s))) / (2 * y * s);
  const slope = (theta * (y * theta + 1 - y)) / (b - 2 * y * s * theta);
  const mean = (slope * s - (theta - 1)) / (s * s * slope);
  return 1 / (1 + (2 * (mean - 1 - y)) / (dimension + 2));
}

/** Returns a chain with its first layer's features multiplied by a factor, squared, on their way up. */
const withDeepest = (layer: LayerParts, factor: number): LayerParts => ({
  ...layer,
  chain: layer.chain?.map((strength, k, { length }) => (k === length - 1 ? strength * factor : strength)),
});

/** Returns the leading term of degree 0: what the mean of the features is made of. */
function meanOf({ degrees, pairs, phi, psi, w, v }: LayerParts): { phi: Float64Array; psi: Float64Array } {
  const at = degrees.indexOf(0) * pairs;
  return {
    phi: phi.subarray(at * w.length, (at + 1) * w.length),
    psi: psi.subarray(at * v.length, (at + 1) * v.length),
  };
}

/** Returns the eigenvalue that the features' mean adds to a layer without it. Undefined if it is not above the edge. */
function outlierOf(parts: LayerParts, bulk: LayerParts, start: number, edge: number): number | undefined {
  const { phi, psi } = meanOf(parts);
  const beyond = (point: ResolventPoint, resolvent: Resolvent) => {
    const solution = resolvent.solve(point, 1e-7);
    let [re, im] = [0, 0];
    parts.w.forEach((count, i) => {
      re += count * phi[i]! ** 2 * solution.g.re[i]!;
      im += count * phi[i]! ** 2 * solution.g.im[i]!;
    });
    const ones = columnsOnOnes(bulk, solution, psi);
    return -1 - (re * ones.re - im * ones.im);
  };
  const found = descend(bulk, beyond, 0, start, edge);
  return found !== undefined && found > edge ? found : undefined;
}

/**
 * Returns the sum over the columns of psi_0² h, where h excludes degrees 1 and 2. Batch statistics make the row sums of
 * z and of z² - 1 zero, so both degrees vanish on the vector of ones. Formula (12).
 */
function columnsOnOnes(
  { w, v, psi, degrees, pairs: r, chain, beyondSquares = 0 }: LayerParts,
  { g, T }: Solution,
  psi0: Float64Array,
): { re: number; im: number } {
  const C = v.length;
  let [re, im] = [0, 0];
  for (let j = 0; j < C; j++) {
    let [below, belowIm] = [1 + w[0]! * g.re[0]! * beyondSquares, w[0]! * g.im[0]! * beyondSquares];
    degrees.forEach((degree, l) => {
      if (chain || (degree >= 0 && degree <= 2)) return;
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
