import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Nodes and weights of a quadrature rule; the weights sum to 1. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Returns the number of spherical harmonics of each degree from 0 to `maxDegree` on the sphere of R^dimension. The
 * formula is (2 l + p - 2) / (l + p - 2) binomial(l + p - 2, l), with degree l and dimension p. In one dimension only
 * degrees 0 and 1 exist.
 */
export function harmonicCounts(dimension: number, maxDegree: number): Float64Array {
  if (dimension === 1) return Float64Array.of(1, 1);
  const counts = new Float64Array(maxDegree + 1).fill(1);
  let binomial = 1; // binomial(l + p - 2, l), by its ratio to the previous one, without factorials
  for (let degree = 1; degree <= maxDegree; degree++) {
    binomial *= (dimension - 2 + degree) / degree;
    const even = 2 * degree + dimension - 2;
    const odd = degree + dimension - 2;
    counts[degree] = odd > 0 ? (even / odd) * binomial : 1;
  }
  return counts;
}

/**
 * Returns a quadrature rule for one coordinate of a uniform point on the sphere of R^dimension. The coordinate is the
 * sine of an angle with density cos^(p - 2), which is concentrated within about 12 / sqrt(p) of 0. The trapezoid rule
 * is used there, with a node at 0, where ReLU has its kink.
 */
export function sphereQuadrature(dimension: number, nodes = 1501): Quadrature {
  if (dimension === 1) return { nodes: Float64Array.of(-1, 1), weights: Float64Array.of(0.5, 0.5) };
  const reach = Math.min(Math.PI / 2, 12 / Math.sqrt(dimension));
  const angles = Float64Array.from({ length: nodes }, (_, i) => reach * ((2 * i) / (nodes - 1) - 1));
  const weights = angles.map((angle) =>
    dimension === 2 ? 1 : Math.exp((dimension - 2) * Math.log(Math.max(Math.cos(angle), 1e-300))),
  );
  weights[0]! /= 2;
  weights[nodes - 1]! /= 2;
  return { nodes: angles.map(Math.sin), weights: normalised(weights) };
}

/**
 * Returns the Gegenbauer polynomials of degrees 0 to `maxDegree` at the nodes, one array per degree. They are
 * normalized to 1 at t = 1 and computed by their three-term recurrence.
 */
export function gegenbauer(dimension: number, nodes: Float64Array, maxDegree: number): Float64Array[] {
  const polynomials = [nodes.map(() => 1), nodes.slice()];
  for (let degree = 1; degree < maxDegree; degree++) {
    const [before, last] = polynomials.slice(-2) as [Float64Array, Float64Array];
    const [up, down] = [2 * degree + dimension - 2, degree + dimension - 2];
    polynomials.push(last.map((value, i) => (up * nodes[i]! * value - degree * before[i]!) / down));
  }
  return polynomials.slice(0, maxDegree + 1);
}

/**
 * Returns the Gauss rule of the length of a vector of `dimension` independent entries of variance 1. Normal ones have the chi
 * distribution. Others have that of the number of normal entries whose squared length varies as much, relative to its mean.
 * The nodes are the eigenvalues of the Jacobi matrix, computed by Lanczos on a fine grid and scaled to mean square
 * `dimension`.
 *
 * @param kurtosis excess kurtosis of an entry, at least -2
 */
export function lengthQuadrature(dimension: number, nodes: number, kurtosis = 0): Quadrature {
  const entries = (2 * dimension) / (2 + kurtosis);
  if (nodes === 1 || !(entries < MANY_ENTRIES))
    return { nodes: Float64Array.of(Math.sqrt(dimension)), weights: Float64Array.of(1) };
  const centre = Math.sqrt(Math.max(entries - 1, 0));
  const low = Math.max(centre - 9, 0);
  const grid = Float64Array.from({ length: GRID }, (_, i) => low + ((centre + 9 - low) * (i + 0.5)) / GRID);
  const logDensity = grid.map((r) => (entries - 1) * Math.log(r) - (r * r) / 2);
  const largest = logDensity.reduce((a, b) => Math.max(a, b));
  const weights = normalised(logDensity.map((value) => Math.exp(value - largest)));
  const rule = gaussRule({ nodes: grid.map((r) => r - centre), weights }, nodes);
  const lengths = rule.nodes.map((node) => node + centre);
  const meanSquare = lengths.reduce((sum, r, i) => sum + rule.weights[i]! * r * r, 0);
  return { nodes: lengths.map((r) => r * Math.sqrt(dimension / meanSquare)), weights: rule.weights };
}

/** Vectors of more normal entries have one length. */
const MANY_ENTRIES = 1e12;
/** Points of the grid on which a length's density is tabulated. */
const GRID = 1500;

/** Returns the Gauss rule of a discrete measure: Golub and Welsch, "Calculation of Gauss quadrature rules", 1969. */
function gaussRule({ nodes: grid, weights }: Quadrature, nodes: number): Quadrature {
  const jacobi = Matrix.zeros(nodes, nodes);
  let before = grid.map(() => 0);
  let last = grid.map(() => 1);
  let off = 0;
  for (let k = 0; k < nodes; k++) {
    const mean = grid.reduce((sum, x, i) => sum + weights[i]! * x * last[i]! ** 2, 0);
    jacobi.set(k, k, mean);
    const next = last.map((value, i) => (grid[i]! - mean) * value - off * before[i]!);
    off = Math.sqrt(next.reduce((sum, value, i) => sum + weights[i]! * value * value, 0));
    if (k + 1 < nodes) {
      jacobi.set(k, k + 1, off);
      jacobi.set(k + 1, k, off);
    }
    [before, last] = [last, next.map((value) => value / off)];
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(jacobi, {
    assumeSymmetric: true,
  });
  return {
    nodes: Float64Array.from(realEigenvalues),
    weights: Float64Array.from({ length: nodes }, (_, k) => eigenvectorMatrix.get(0, k) ** 2),
  };
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
