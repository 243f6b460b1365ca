import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { gegenbauer, harmonicCounts, type Quadrature, sphereQuadrature } from './harmonics.js';

/** One type of rows, f(scale z + shift) with standard normal z, and its share of all rows. */
export interface RowType {
  readonly scale: number;
  readonly shift: number;
  readonly share: number;
  readonly f: (x: number) => number;
}

/**
 * The features of a random layer as a sum of independent random matrices. There is one for each harmonic degree of the
 * activation and one for the tail of all higher degrees. The amplitude of degree l between row type i and column type j
 * is sum over s of phi_ls(i) psi_ls(j).
 */
export interface LayerParts {
  readonly rows: number;
  readonly columns: number;
  readonly dimension: number;
  /** Mean of f². */
  readonly energy: number;
  /** Rows of each type; they sum to `rows`. */
  readonly w: Float64Array;
  /** Columns of each type; they sum to `columns`. */
  readonly v: Float64Array;
  /** The length of the columns of X of each type. */
  readonly lengths: Float64Array;
  /** The degree of each part; -1 for the tail. */
  readonly degrees: readonly number[];
  /** 1 / harmonics of the degree; 0 for the tail. */
  readonly inverseCounts: readonly number[];
  /** Terms s of each amplitude; missing ones are zero. */
  readonly pairs: number;
  /** phi[(l pairs + s) R + i]. */
  readonly phi: Float64Array;
  /** psi[(l pairs + s) C + j]. */
  readonly psi: Float64Array;
  /**
   * The squares of the factors with which the layers of a chain enter one another. Each enters the one before it in
   * this list. The row types are then the layers, last one first. The first factor is not used.
   */
  readonly chain?: readonly number[] | undefined;
  /** Of a chain: the mean square of the last layer's features beyond Hermite degree 2. */
  readonly beyondSquares?: number | undefined;
  /** Of a chain: the factor by which batch statistics compress its strongest directions. */
  readonly edgeCompression?: number | undefined;
}

/** Maximum harmonic degree; higher ones join the tail. */
const MAX_DEGREE = 48;
/** A degree with more harmonics than this joins the tail. */
const MANY = 1e7;
/** A term with a smaller share of the energy joins the tail. */
const NEGLIGIBLE = 1e-15;
/** A term smaller than this times the largest of its degree joins the tail. */
const SMALL_TERM = 1e-6;

/**
 * Returns the parts of a layer f(scale z + shift), where z is W X after batch statistics. W and X have independent
 * entries. Formulas (1) to (3) of docs/theory.md.
 *
 * @param lengths the lengths of the columns of X as a quadrature rule, mean square `dimension`
 */
export function layerParts(
  { rows, columns, dimension }: Pick<LayerParts, 'rows' | 'columns' | 'dimension'>,
  rowTypes: readonly RowType[],
  lengths: Quadrature,
): LayerParts {
  const R = rowTypes.length;
  const C = lengths.nodes.length;
  const { nodes, weights } = sphereQuadrature(dimension);
  const counts = usedHarmonics(dimension);
  const polynomials = gegenbauer(dimension, nodes, counts.length - 1);

  // the energy of each pair of types, and the amplitude of each degree in it
  const energies = new Float64Array(R * C);
  const amplitudes = polynomials.map(() => new Float64Array(R * C));
  const values = new Float64Array(nodes.length);
  rowTypes.forEach(({ scale, shift, f }, i) => {
    lengths.nodes.forEach((length, j) => {
      let energy = 0;
      nodes.forEach((t, k) => {
        const value = f(scale * length * t + shift);
        values[k] = weights[k]! * value;
        energy += weights[k]! * value * value;
      });
      energies[i * C + j] = energy;
      polynomials.forEach((polynomial, degree) => {
        let sum = 0;
        for (let k = 0; k < values.length; k++) sum += values[k]! * polynomial[k]!;
        amplitudes[degree]![i * C + j] = Math.sqrt(counts[degree]!) * sum;
      });
    });
  });
  const rowShares = Float64Array.from(rowTypes, ({ share }) => share);
  const degrees = amplitudes.map((amplitude, degree) => ({ degree, count: counts[degree]!, amplitude }));
  return partsOf({ rows, columns, dimension }, { rowShares, lengths, degrees, energies });
}

/** Returns the number of harmonics of each degree that is a part of its own. */
export function usedHarmonics(dimension: number): Float64Array {
  const all = harmonicCounts(dimension, MAX_DEGREE);
  const tooMany = all.findIndex((count) => count > MANY);
  return tooMany < 0 ? all : all.subarray(0, tooMany);
}

/** What layers are written as parts from. */
interface Amplitudes {
  /** Share of each row type; they sum to 1. */
  readonly rowShares: Float64Array;
  readonly lengths: Quadrature;
  /** Of each degree: its harmonics, and one amplitude per row and column type, R x C. */
  readonly degrees: readonly {
    readonly degree: number;
    readonly count: number;
    readonly amplitude: Float64Array;
  }[];
  /** The mean square of the features of each row and column type, R x C. */
  readonly energies: Float64Array;
}

/** Returns the parts with these amplitudes: sums of products, and a tail of what they leave of the energy. */
export function partsOf(
  { rows, columns, dimension }: Pick<LayerParts, 'rows' | 'columns' | 'dimension'>,
  { rowShares, lengths, degrees, energies }: Amplitudes,
): LayerParts {
  const [R, C] = [rowShares.length, lengths.nodes.length];
  const columnShares = lengths.weights;
  const meanOf = (matrix: Float64Array) =>
    matrix.reduce(
      (sum, x, place) => sum + rowShares[Math.floor(place / C)]! * columnShares[place % C]! * x,
      0,
    );
  const energy = meanOf(energies);

  const rest = energies.slice();
  const parts: { degree: number; inverseCount: number; terms: Term[] }[] = [];
  degrees.forEach(({ degree, count, amplitude }) => {
    const terms = termsOf(amplitude, rowShares, columnShares, energy);
    if (terms.length === 0) return;
    parts.push({ degree, inverseCount: 1 / count, terms });
    for (let place = 0; place < rest.length; place++) {
      const [i, j] = [Math.floor(place / C), place % C];
      rest[place]! -= terms.reduce((sum, { phi, psi }) => sum + phi[i]! * psi[j]!, 0) ** 2;
    }
  });
  const left = rest.map((x) => Math.max(0, x));
  const mean = meanOf(left);
  if (mean > NEGLIGIBLE * energy) {
    const phi = rowShares.map((_, i) =>
      Math.sqrt(columnShares.reduce((sum, share, j) => sum + share * left[i * C + j]!, 0)),
    );
    const psi = columnShares.map((_, j) =>
      Math.sqrt(rowShares.reduce((sum, share, i) => sum + share * left[i * C + j]!, 0) / mean),
    );
    parts.push({ degree: -1, inverseCount: 0, terms: [{ phi, psi }] });
  }

  const pairs = Math.max(1, ...parts.map(({ terms }) => terms.length));
  const phi = new Float64Array(parts.length * pairs * R);
  const psi = new Float64Array(parts.length * pairs * C);
  parts.forEach(({ terms }, l) => {
    terms.forEach((term, s) => {
      phi.set(term.phi, (l * pairs + s) * R);
      psi.set(term.psi, (l * pairs + s) * C);
    });
  });
  return {
    rows,
    columns,
    dimension,
    energy,
    w: rowShares.map((share) => share * rows),
    v: columnShares.map((share) => share * columns),
    lengths: lengths.nodes,
    degrees: parts.map(({ degree }) => degree),
    inverseCounts: parts.map(({ inverseCount }) => inverseCount),
    pairs,
    phi,
    psi,
  };
}

/**
 * Returns the layer with the energy of one degree multiplied by a factor. The factor applies to all terms of the degree
 * or only to the leading one.
 */
export function withDegree(
  parts: LayerParts,
  degree: number,
  factor: number,
  which: 'all' | 'leading' = 'all',
): LayerParts {
  const l = parts.degrees.indexOf(degree);
  if (l < 0) return parts;
  const phi = parts.phi.slice();
  const R = parts.w.length;
  const terms = which === 'all' ? parts.pairs : 1;
  for (let k = l * parts.pairs * R; k < (l * parts.pairs + terms) * R; k++) phi[k]! *= Math.sqrt(factor);
  return { ...parts, phi };
}

/**
 * Returns the layer with one column type in a degree, at the same energy. Degree 1 of normal columns is normal, lengths
 * and all: their lengths would count twice.
 */
export function withoutLengths(parts: LayerParts, degree: number): LayerParts {
  const l = parts.degrees.indexOf(degree);
  if (l < 0) return parts;
  const { v, pairs, lengths, dimension } = parts;
  const psi = parts.psi.slice();
  for (let s = 0; s < pairs; s++) {
    const own = psi.subarray((l * pairs + s) * v.length, (l * pairs + s + 1) * v.length);
    const energy = () => own.reduce((sum, x, j) => sum + v[j]! * x * x, 0);
    const before = energy();
    if (before === 0) continue;
    own.forEach((x, j) => (own[j] = (x * Math.sqrt(dimension)) / lengths[j]!));
    const gain = Math.sqrt(before / energy());
    own.forEach((x, j) => (own[j] = x * gain));
  }
  return { ...parts, psi };
}

interface Term {
  readonly phi: Float64Array;
  readonly psi: Float64Array;
}

/**
 * Returns an amplitude as a sum of products, by a singular value decomposition weighted with the shares of the types.
 */
function termsOf(
  amplitude: Float64Array,
  rowShares: Float64Array,
  columnShares: Float64Array,
  energy: number,
): Term[] {
  const [R, C] = [rowShares.length, columnShares.length];
  const weighted = Matrix.zeros(R, C);
  for (let i = 0; i < R; i++) {
    for (let j = 0; j < C; j++)
      weighted.set(i, j, Math.sqrt(rowShares[i]! * columnShares[j]!) * amplitude[i * C + j]!);
  }
  const svd = new SingularValueDecomposition(weighted, { autoTranspose: true });
  const sizes = svd.diagonal;
  return sizes.flatMap((size, s) => {
    if (!(size > SMALL_TERM * sizes[0]! && size * size > NEGLIGIBLE * energy)) return [];
    const phi = rowShares.map((share, i) => (svd.leftSingularVectors.get(i, s) * size) / Math.sqrt(share));
    const psi = columnShares.map((share, j) => svd.rightSingularVectors.get(j, s) / Math.sqrt(share));
    return [{ phi, psi }];
  });
}
