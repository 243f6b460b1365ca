import { type Complexes, complexes, determinantArgument, multiply, solveInPlace } from './complex.js';

/** Sums over the parts of a layer, for the equations of `resolvent.ts`. All matrices are r x r. */

/**
 * Returns the argument of det(1 + b A K). It is that of det(A⁻¹ + b K) minus that of det(A⁻¹), whose imaginary parts
 * are definite.
 */
export function determinantPhase(
  A: Complexes,
  K: Complexes,
  product: Complexes,
  b: number,
  r: number,
  at: number,
): number {
  if (r === 1) return Math.atan2(b * product.im[at]!, 1 + b * product.re[at]!);
  // the terms of this part; the others are zero
  const used = Array.from({ length: r }, (_, s) => s).filter((s) => A.im[at + s * (r + 1)] !== 0);
  const m = used.length;
  const pick = (matrix: Complexes) => {
    const places = used.flatMap((s) => used.map((t) => at + s * r + t));
    return {
      re: Float64Array.from(places, (place) => matrix.re[place]!),
      im: Float64Array.from(places, (place) => matrix.im[place]!),
    };
  };
  const inverted = complexes(m * m);
  for (let s = 0; s < m; s++) inverted.re[s * (m + 1)] = 1;
  solveInPlace(pick(A), inverted, m, m);
  const columns = pick(K);
  const sum = {
    re: inverted.re.map((x, k) => x + b * columns.re[k]!),
    im: inverted.im.map((x, k) => x + b * columns.im[k]!),
  };
  return determinantArgument(sum, m) - determinantArgument(inverted, m);
}

/** Writes Q = (1 + b A K)⁻¹. */
export function invertOnePlus(
  b: number,
  A: Complexes,
  K: Complexes,
  r: number,
  at: number,
  Q: Complexes,
): void {
  if (r === 1) {
    const re = 1 + b * (A.re[at]! * K.re[at]! - A.im[at]! * K.im[at]!);
    const im = b * (A.re[at]! * K.im[at]! + A.im[at]! * K.re[at]!);
    const norm = re * re + im * im;
    Q.re[at] = re / norm;
    Q.im[at] = -im / norm;
    return;
  }
  const size = r * r;
  const E = complexes(size);
  multiply(sliceOf(A, at, size), sliceOf(K, at, size), r, 0, E);
  for (let k = 0; k < size; k++) {
    E.re[k] = b * E.re[k]! + (k % (r + 1) === 0 ? 1 : 0);
    E.im[k]! *= b;
  }
  const own = sliceOf(Q, at, size);
  own.re.fill(0);
  own.im.fill(0);
  for (let s = 0; s < r; s++) own.re[s * (r + 1)] = 1;
  solveInPlace(E, own, r, r);
}

const sliceOf = ({ re, im }: Complexes, at: number, size: number): Complexes => ({
  re: re.subarray(at, at + size),
  im: im.subarray(at, at + size),
});

/** Writes sum over k of weights_k x_k f_s(k) f_t(k), r x r. */
export function weightedProducts(
  f: Float64Array,
  offset: number,
  weights: Float64Array,
  x: Complexes,
  r: number,
  out: Complexes,
  at: number,
): void {
  const count = weights.length;
  for (let s = 0; s < r; s++) {
    for (let t = s; t < r; t++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < count; k++) {
        const factor = weights[k]! * f[offset + s * count + k]! * f[offset + t * count + k]!;
        re += factor * x.re[k]!;
        im += factor * x.im[k]!;
      }
      out.re[at + s * r + t] = out.re[at + t * r + s] = re;
      out.im[at + s * r + t] = out.im[at + t * r + s] = im;
    }
  }
}

/** Adds f(k)ᵀ M f(k) to each of the sums. */
export function addForms(
  sums: Complexes,
  f: Float64Array,
  offset: number,
  M: Complexes,
  r: number,
  at: number,
): void {
  const count = sums.re.length;
  for (let s = 0; s < r; s++) {
    for (let t = 0; t < r; t++) {
      const re = M.re[at + s * r + t]!;
      const im = M.im[at + s * r + t]!;
      if (re === 0 && im === 0) continue;
      for (let k = 0; k < count; k++) {
        const factor = f[offset + s * count + k]! * f[offset + t * count + k]!;
        sums.re[k]! += factor * re;
        sums.im[k]! += factor * im;
      }
    }
  }
}

/**
 * Adds factor (left(a)ᵀ M right(c))² to the entries of a matrix. The matrix has width n; the entries start at row `top`
 * and column `side`.
 */
export function addSquares(
  out: Complexes,
  n: number,
  top: number,
  side: number,
  left: Float64Array,
  leftAt: number,
  leftCount: number,
  M: Complexes,
  right: Float64Array,
  rightAt: number,
  rightCount: number,
  r: number,
  at: number,
  factor: number,
): void {
  for (let a = 0; a < leftCount; a++) {
    for (let c = 0; c < rightCount; c++) {
      let re = 0;
      let im = 0;
      for (let s = 0; s < r; s++) {
        const x = left[leftAt + s * leftCount + a]!;
        if (x === 0) continue;
        for (let t = 0; t < r; t++) {
          const y = x * right[rightAt + t * rightCount + c]!;
          re += y * M.re[at + s * r + t]!;
          im += y * M.im[at + s * r + t]!;
        }
      }
      const place = (top + a) * n + side + c;
      out.re[place]! += factor * (re * re - im * im);
      out.im[place]! += factor * 2 * re * im;
    }
  }
}
