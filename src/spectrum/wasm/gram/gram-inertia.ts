import { factorisationBound, gamma, productBound } from '../error-bounds.js';
import { diagonalOf, entriesIn, frobeniusOf, type GramMatrix, panelsOf } from './gram-matrix.js';
import { spectrumWorkBytes } from './gram-spectrum.js';
import type { KernelInstance } from '../../../kernels/kernel-instance.js';
import type { Interval } from '../../engine.js';

/** Columns the inertia kernel eliminates at once. */
const BLOCK = 16;
/**
 * Maximum steps of the power iteration for a rough estimate of the largest eigenvalue. `CLOSE_STEPS` is for a close
 * one; the rough one stops early if it hardly moves.
 */
const QUICK_STEPS = 12;
const CLOSE_STEPS = 40;
const FIRST_STEPS = 3;
/** Below this share of eigenvalues under a shift, treating them one by one is faster. */
const FEW = 1 / 8;
/** Relative residual at which the iteration stops; singular values near a tolerance never lie closer. */
const CLOSE = 2 ** -22;

/** Returns the bytes a `GramInertia` needs after a Gram matrix of the given size, including those of `gramSpectrum`. */
export function inertiaWorkBytes(size: number): number {
  const panels = panelsOf(size);
  const padded = 4 * panels;
  const doubles = entriesIn(panels) + padded * BLOCK + factorDoubles(padded) + 4 * padded;
  return spectrumWorkBytes(size) + 8 * (doubles + 2);
}

/** Doubles that the inertia kernel keeps of L and D. */
function factorDoubles(padded: number): number {
  return (padded * padded) / 2 + Math.ceil(padded / BLOCK) * BLOCK * (BLOCK + 1);
}

/**
 * Certified counts of the eigenvalues of an accumulated Gram matrix above a shift, by inertia. A copy of the matrix is
 * kept, so that it can be counted at several shifts and restored afterwards (`restore`).
 */
export class GramInertia {
  /** Bounds ‖A‖²_F, scaled. */
  readonly frobenius: number;
  /** Bounds the error of G itself. */
  readonly gramError: number;
  /** The largest entry of G, which lies on its diagonal. */
  private readonly largestEntry: number;
  /** Bounds ‖G‖_F as computed. */
  readonly norm: number;

  private readonly padded: number;
  private readonly copy: number;
  private readonly left: number;
  private readonly factors: number;
  private readonly vectors: number;
  /** False once a factorisation has overwritten G. */
  private isWhole = true;
  /**
   * The last factorisation that counted. It has its shift, count, growth, and the error of L D Lᵀ against A Aᵀ minus
   * the shift.
   */
  private last: { shift: number; count: number; growth: number; error: number } | undefined;

  constructor(
    private readonly instance: KernelInstance,
    private readonly gram: GramMatrix,
  ) {
    const padded = 4 * gram.panels;
    this.padded = padded;
    this.frobenius = frobeniusOf(instance, gram);
    this.largestEntry = diagonalOf(instance, gram).reduce((max, value) => Math.max(max, value), 0);
    this.gramError = productBound(gram.chain, this.frobenius);
    this.copy = gram.extra + Math.ceil(spectrumWorkBytes(gram.size) / 16) * 16;
    this.left = this.copy + 8 * entriesIn(gram.panels);
    this.factors = this.left + 8 * padded * BLOCK;
    this.vectors = this.factors + 8 * factorDoubles(padded);
    const squares = instance.kernels.saveTriangle(gram.offset, gram.panels, this.copy);
    this.norm = Math.sqrt(squares) * (1 + gamma(2 * padded + 8));
  }

  /**
   * Returns a lower bound on the number of eigenvalues of A Aᵀ greater than `square`, which is scaled. Undefined if the
   * factorisation is not accurate enough, which happens only when the shift falls among the eigenvalues of a leading
   * block.
   */
  atLeastAbove(square: number): number | undefined {
    return this.countAround(square, 1);
  }

  atMostAbove(square: number): number | undefined {
    return this.stillAtMost(square) ?? this.countAround(square, -1);
  }

  /**
   * Returns a wide enclosure of the largest eigenvalue of A Aᵀ at no cost. Its ends are the largest entry and the
   * Frobenius norm.
   */
  largestEigenvalueRoughly(): Interval {
    return { lower: Math.max(0, this.largestEntry - this.gramError), upper: this.norm + this.gramError };
  }

  /**
   * Returns an enclosure of the largest eigenvalue by power iteration. It is tight if one eigenvalue outweighs all
   * others together, as for features that are not centred. With ‖Gx - ρx‖ = r ‖x‖, one eigenvalue lies within r of ρ,
   * and no other exceeds √(‖G‖²_F - (ρ - r)²).
   */
  largestEigenvalue(): Interval {
    const { lower, upper } = this.largestEigenvalueRoughly();
    const { quotient, residual } = this.iterate(QUICK_STEPS, FIRST_STEPS);
    const min = Math.max(0, quotient - residual);
    const others = Math.sqrt(Math.max(0, (this.norm - min) * (this.norm + min))) * (1 + 2 ** -40);
    const max = Math.max(quotient + residual, others) * (1 + 2 ** -50) + this.gramError;
    return { lower: Math.max(lower, this.certain(quotient)), upper: Math.min(upper, max) };
  }

  /**
   * Returns a tight enclosure: a better Rayleigh quotient, and an inertia count that finds no eigenvalue just above it.
   */
  largestEigenvalueClosely(): Interval {
    const { lower, upper } = this.largestEigenvalue();
    const close = Math.max(lower, this.certain(this.iterate(CLOSE_STEPS, CLOSE_STEPS).quotient));
    for (const factor of [1 + 2 ** -12, 1 + 2 ** -6, 1.25]) {
      const above = close * factor;
      if (above >= upper) break;
      if (this.atMostAbove(above) === 0) return { lower: close, upper: above };
    }
    return { lower: close, upper };
  }

  /** Restores G if a factorisation has overwritten it. */
  restore(): void {
    if (this.isWhole) return;
    this.instance.kernels.restoreTriangle(this.copy, this.gram.offset, this.gram.panels);
    this.isWhole = true;
  }

  /** Lends G to the caller, who may overwrite it; it is restored before the next count. */
  lend(): GramMatrix {
    this.restore();
    this.isWhole = false;
    return this.gram;
  }

  /**
   * Counts at `square` shifted up (side 1) or down (side -1) by the expected error of the factorisation. The actual
   * error is then checked against it.
   */
  private countAround(square: number, side: 1 | -1): number | undefined {
    let growth = 2 * this.frobenius;
    for (let attempt = 0; attempt < 3; attempt++) {
      const expected = this.gramError + this.factorisationError(growth, square);
      // `square` itself is off by a few units of roundoff
      const shift = square + side * (expected + gamma(8) * square);
      if (shift <= 0) return side === -1 ? this.gram.size : undefined;
      const found = this.factor(shift);
      if (found === undefined) return undefined;
      const error = this.gramError + this.factorisationError(found.growth, shift);
      if (error <= expected) {
        this.last = { shift, error, ...found };
        return found.count;
      }
      growth = 2 * found.growth;
      if (this.factorisationError(growth, square) > square / 2) return undefined;
    }
    return undefined;
  }

  /**
   * Returns the count of the last factorisation, at a shift above `square`, if no eigenvalue lies between. The proof
   * uses its few negative directions (numerics.md, "Both ends from one factorisation"); undefined if it fails.
   */
  private stillAtMost(square: number): number | undefined {
    const { last, gram, instance } = this;
    if (last === undefined || !(last.shift > square)) return undefined;
    const rounding = 1 + gamma(4 * this.padded + 16);
    const moved = (last.shift - square + last.error) * rounding;
    const negative = gram.size - last.count;
    // d = wᵀSw >= -shift ‖w‖², so each of the trace's terms is at least 1 / shift
    if (negative > FEW * gram.size || moved * negative > last.shift) return undefined;
    const trace =
      instance.kernels.negativeTrace(this.factors, this.padded, gram.size, this.vectors) * rounding;
    const residual = gamma(this.padded + 8) * Math.sqrt(last.growth * trace) * rounding;
    return moved * trace + 2 * residual < 1 ? last.count : undefined;
  }

  private factorisationError(growth: number, shift: number): number {
    return factorisationBound(this.padded, BLOCK, growth, this.frobenius + 2 * shift);
  }

  private factor(shift: number): { count: number; growth: number } | undefined {
    const { instance } = this;
    this.last = undefined;
    const at = this.vectors;
    const { offset, panels } = this.lend();
    instance.kernels.subtractShift(offset, panels, shift);
    const count = instance.kernels.inertia(offset, panels, this.left, this.factors, at);
    const growth = instance.float64(at, 1)[0]!;
    return count < 0 || !Number.isFinite(growth) ? undefined : { count, growth };
  }

  /** Returns a lower bound for the largest eigenvalue of A Aᵀ from a computed Rayleigh quotient of G. */
  private certain(quotient: number): number {
    return Math.max(0, quotient - gamma(4 * this.gram.size + 8) * this.norm - this.gramError);
  }

  /**
   * Runs the power iteration from the unit vector of the largest entry. Returns the best Rayleigh quotient ρ of all
   * steps and a bound on the residual ‖Gx - ρx‖ / ‖x‖ of the last vector. Ends when the residual is small, or after
   * `first` steps if it is still large.
   */
  private iterate(steps: number, first: number): { quotient: number; residual: number } {
    this.restore();
    const { gram, instance, padded } = this;
    const { size } = gram;
    const [xAt, yAt] = [this.vectors, this.vectors + 8 * padded];
    const x = instance.float64(xAt, padded).fill(0);
    const y = instance.float64(yAt, size);
    const diagonal = diagonalOf(instance, gram);
    x[diagonal.indexOf(diagonal.reduce((max, value) => Math.max(max, value)))] = 1;
    // roundings of the product, of a scalar product and of a sum of squares
    const rounding = 3 * gamma(4 * size + 16) * this.norm;
    let quotient = 0;
    let residual = Infinity;
    for (let step = 0; step <= steps; step++) {
      instance.kernels.symmetricTimesVector(gram.offset, gram.panels, xAt, yAt);
      let xx = 0,
        xy = 0,
        yy = 0;
      for (let i = 0; i < size; i++) {
        xx += x[i]! * x[i]!;
        xy += x[i]! * y[i]!;
        yy += y[i]! * y[i]!;
      }
      quotient = Math.max(quotient, xy / xx);
      let rr = 0;
      for (let i = 0; i < size; i++) rr += (y[i]! - quotient * x[i]!) ** 2;
      residual = Math.sqrt(rr / xx) * (1 + gamma(size + 8)) + rounding;
      if (residual <= CLOSE * quotient || (step >= first && residual > quotient / 8)) break;
      if (!(yy > 0)) break;
      const factor = 1 / Math.sqrt(yy);
      for (let i = 0; i < size; i++) x[i] = y[i]! * factor;
    }
    return { quotient, residual };
  }
}
