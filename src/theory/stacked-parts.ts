import { gegenbauer, harmonicCounts, type Quadrature, sphereQuadrature } from './harmonics.js';
import { lastOf } from '../lookups.js';
import { type LayerParts, partsOf, usedHarmonics } from './layer-parts.js';
import {
  columnTypes,
  expandOnSphere,
  FACTORS,
  lengthFactors,
  type SphereExpansion,
} from './sphere-expansion.js';

/** One pointwise layer of a stack: f(z), z normalized with batch statistics. */
export interface StackedLayer {
  readonly rows: number;
  readonly f: (x: number) => number;
}

/**
 * Returns the parts of layers one after the other, first one first. The first layer is that of `layerParts`. A later one
 * passes the features of the layer below on (degree 1, the chain); the higher degrees of their kernel are expanded in the
 * harmonics of the first inputs. Formulas (18) to (20) of docs/theory.md. Fan and Wang 2020 have the recursion for inputs
 * that are nearly orthogonal, where those degrees are the identity.
 */
export function stackedParts(
  { columns, dimension }: Pick<LayerParts, 'columns' | 'dimension'>,
  layers: readonly StackedLayer[],
  lengths: Quadrature,
): LayerParts {
  const base = baseOf(dimension, lengths);
  const stack = [firstFeatures(base, layers[0]!)];
  for (const layer of layers.slice(1)) stack.unshift(nextFeatures(base, stack[0]!, layer));

  const total = stack.reduce((sum, { rows }) => sum + rows, 0);
  const flat = (values: (layer: Features, k: number) => Float64Array) =>
    Float64Array.from(stack.flatMap((layer, k) => Array.from(values(layer, k))));
  const compressions = stack.map((layer) => compressionOf(base, layer));
  const last = stack[0]!;
  const parts = partsOf(
    { rows: last.rows, columns, dimension },
    {
      rowShares: Float64Array.from(stack, ({ rows }) => rows / total),
      lengths: base.columns,
      // the features of a layer reach the next one less their mean
      degrees: base.polynomials.map((_, degree) => ({
        degree,
        count: base.counts[degree]!,
        amplitude: flat(({ squares }, k) =>
          squares[degree]!.map((x) =>
            k === 0 ? Math.sqrt(x) : degree === 0 ? 0 : Math.sqrt(x * compressions[k]!(degree)),
          ),
        ),
      })),
      energies: flat(({ squares, energies }, k) =>
        energies.map((x, j) => (k === 0 ? x : x - squares[0]![j]!)),
      ),
    },
  );
  return {
    ...parts,
    energy: dot(last.energies, base.columns.weights) + last.passed,
    w: Float64Array.from(stack, ({ rows }) => rows),
    chain: stack.map(({ variance }, k) => (k === 0 ? 1 : stack[k - 1]!.passed / variance)),
    beyondSquares: last.beyondSquares,
    edgeCompression: edgeCompression(base, lastOf(stack), columns),
  };
}

/** What all layers of a stack are expanded in: harmonics of the first inputs, and column types. */
interface Base extends Quadrature {
  readonly dimension: number;
  readonly counts: Float64Array;
  readonly polynomials: readonly Float64Array[];
  readonly lengths: Quadrature;
  /** Every length with every factor of it. */
  readonly columns: Quadrature;
  /** The coefficients of a function of the cosine in the harmonic degrees. */
  readonly degreesOf: (values: Float64Array) => number[];
}

function baseOf(dimension: number, lengths: Quadrature): Base {
  const { nodes, weights } = sphereQuadrature(dimension);
  const counts = usedHarmonics(dimension);
  const polynomials = gegenbauer(dimension, nodes, counts.length - 1);
  const degreesOf = (values: Float64Array) => {
    const weighted = values.map((x, k) => x * weights[k]!);
    return polynomials.map((polynomial) => dot(polynomial, weighted));
  };
  return {
    dimension,
    nodes,
    weights,
    counts,
    polynomials,
    lengths,
    columns: columnTypes(lengths),
    degreesOf,
  };
}

/** The features of a layer. */
interface Features {
  readonly rows: number;
  /** Mean squares by harmonic degree of the first inputs and column type, without what is passed on. */
  readonly squares: readonly Float64Array[];
  /** Mean squares of all of that, by column type. */
  readonly energies: Float64Array;
  /** The mean square of degree 1 of the layer's own inputs, which a chain passes on. */
  readonly passed: number;
  /** The variance by length of the first inputs, and its mean. */
  readonly variances: Float64Array;
  readonly variance: number;
  /** Relative variance of a column's squared length around that. */
  readonly jitter: number;
  /** The covariance of the features at two inputs, over the cosine of these. */
  readonly kernel: Float64Array;
  /** The mean square beyond degree 2 of the layer's own inputs. */
  readonly beyondSquares: number;
}

function firstFeatures(base: Base, { rows, f }: StackedLayer): Features {
  const { polynomials, counts, lengths, columns } = base;
  const types = Array.from(lengths.nodes).flatMap((length) => {
    const one = expandOnSphere(f, base, polynomials, counts, length);
    return FACTORS.map(() => one);
  });
  const squares = polynomials.map((_, l) => Float64Array.from(types, (one) => one.squares[l]!));
  const means = squares.map((some) => dot(some, columns.weights));
  const kernel = base.nodes.map((_, k) =>
    means.reduce((sum, square, l) => (l === 0 ? 0 : sum + square * polynomials[l]![k]!), 0),
  );
  return {
    ...{ rows, squares, kernel, passed: 0, beyondSquares: 0 },
    energies: Float64Array.from(types, ({ energy }) => energy),
    ...spreadOf(base, types, rows),
  };
}

function nextFeatures(base: Base, below: Features, { rows, f }: StackedLayer): Features {
  const { polynomials, counts, columns, degreesOf } = base;
  const cosine = below.kernel.map((x) => x / below.variance);
  // rows of normalized channels lie on a sphere of about as many dimensions as the inputs have directions
  const directions = directionsOf(base, below);
  const sphere = sphereQuadrature(directions);
  const own = gegenbauer(directions, sphere.nodes, DEGREES);
  const ownCounts = harmonicCounts(directions, DEGREES);
  const powers = gegenbauer(directions, cosine, DEGREES);
  const types = Array.from(below.variances).flatMap((variance) =>
    lengthFactors(below.jitter).map((factor) => {
      const length = Math.sqrt((variance * factor * directions) / below.variance);
      return expandOnSphere(f, sphere, own, ownCounts, length);
    }),
  );
  const over = (value: (one: SphereExpansion) => number) =>
    dot(Float64Array.from(types, value), columns.weights);
  const kernelFrom = (least: number, some: readonly number[]) =>
    cosine.map((_, k) => some.reduce((sum, x, m) => (m < least ? sum : sum + x * powers[m]![k]!), 0));

  const squares = polynomials.map(() => new Float64Array(types.length));
  types.forEach((one, j) => {
    degreesOf(kernelFrom(2, one.squares)).forEach((x, l) => (squares[l]![j] = Math.max(0, counts[l]! * x)));
    // batch statistics leave no mean to degree 2; the constant is the features' mean
    squares[0]![j] = one.squares[0]! + Math.max(0, degreesOf(kernelFrom(3, one.squares))[0]!);
  });
  const all = kernelFrom(
    1,
    own.map((_, m) => over((one) => one.squares[m]!)),
  );
  const constant = degreesOf(all)[0]!;
  return {
    ...{ rows, squares, kernel: all.map((x) => x - constant) },
    energies: Float64Array.from(types, (one) => one.energy - one.squares[1]!),
    passed: over((one) => one.squares[1]!),
    beyondSquares: over(({ energy, squares: [x = 0, y = 0, z = 0] }) => energy - x - y - z),
    ...spreadOf(base, types, rows),
  };
}

/** Maximum degree in the expansion of a later layer; higher ones join the tail. */
const DEGREES = 40;

/** Returns how features and the lengths of their columns vary. */
function spreadOf({ lengths, columns }: Base, types: readonly SphereExpansion[], rows: number) {
  const variances = lengths.nodes.map((_, a) =>
    FACTORS.reduce((sum, { weight }, c) => sum + weight * types[a * FACTORS.length + c]!.variance, 0),
  );
  const variance = dot(variances, lengths.weights);
  const relative = (values: Float64Array, weights: Float64Array) => dot(values, weights) / variance ** 2 - 1;
  const between = relative(
    variances.map((x) => x * x),
    lengths.weights,
  );
  const known = relative(
    Float64Array.from(types, (one) => one.variance ** 2),
    columns.weights,
  );
  const fourth = relative(
    Float64Array.from(types, (one) => one.fourth),
    columns.weights,
  );
  // what the jitter below makes of the squared lengths here, and what the number of features adds
  const jitter = Math.max(0, known - between) + Math.max(0, fourth - known) / rows;
  return { variances, variance, jitter };
}

/** Returns the number of equally strong directions that features amount to: 1 / mean of their squared cosine. */
function directionsOf({ weights }: Base, { kernel, variance, rows }: Features): number {
  return 1 / (kernel.reduce((sum, x, k) => sum + weights[k]! * (x / variance) ** 2, 0) + 1 / rows);
}

/**
 * Returns the factor by which batch statistics of the next layer change a harmonic degree of features. It is formula (13)
 * with a direction's share of the variance.
 */
function compressionOf(base: Base, features: Features): (degree: number) => number {
  const directions = directionsOf(base, features);
  const shares = base.degreesOf(features.kernel).map((x) => x / features.variance);
  return (degree) => 1 / (1 + 2 * ((shares[degree] ?? 0) - 1 / directions));
}

/** Returns the same for the strongest directions of degree 1 of the first layer, by formula (20). */
function edgeCompression({ dimension, degreesOf }: Base, first: Features, columns: number): number {
  const share = (degreesOf(first.kernel)[1] ?? 0) / first.variance;
  const byColumns = 2 * Math.sqrt(dimension / columns);
  const byBoth = 2 * Math.sqrt(dimension / columns + dimension / first.rows);
  return 1 / (1 + 2 * share * byBoth) / (1 + (2 * byColumns) / (dimension + 2));
}

const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, k) => sum + value * y[k]!, 0);
