/** Complex numbers as two arrays of one length; a matrix is row after row. */
export interface Complexes {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function complexes(length: number, re = 0, im = 0): Complexes {
  return { re: new Float64Array(length).fill(re), im: new Float64Array(length).fill(im) };
}

/** Writes x y into `out` for n x n matrices that start at index `at` of each array. `out` must not be x or y. */
export function multiply(x: Complexes, y: Complexes, n: number, at: number, out: Complexes): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < n; k++) {
        const a = at + i * n + k;
        const b = at + k * n + j;
        re += x.re[a]! * y.re[b]! - x.im[a]! * y.im[b]!;
        im += x.re[a]! * y.im[b]! + x.im[a]! * y.re[b]!;
      }
      out.re[at + i * n + j] = re;
      out.im[at + i * n + j] = im;
    }
  }
}

/** Returns the quotient of two numbers. */
export function ratio(re: number, im: number, byRe: number, byIm: number): { re: number; im: number } {
  const norm = byRe * byRe + byIm * byIm;
  return { re: (re * byRe + im * byIm) / norm, im: (im * byRe - re * byIm) / norm };
}

/**
 * Solves a x = b for `width` right-hand sides by elimination with row exchanges; overwrites a, and b with x. Returns
 * the argument of det(a) in (-pi, pi].
 * @param a n x n
 * @param b n x width
 */
export function solveInPlace(a: Complexes, b: Complexes, n: number, width: number): number {
  let argument = 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (size(a, i * n + k) > size(a, pivot * n + k)) pivot = i;
    if (pivot !== k) {
      exchange(a, k * n, pivot * n, n);
      exchange(b, k * width, pivot * width, width);
      argument += Math.PI;
    }
    const at = k * n + k;
    argument += Math.atan2(a.im[at]!, a.re[at]!);
    const norm = a.re[at]! ** 2 + a.im[at]! ** 2;
    const ire = a.re[at]! / norm;
    const iim = -a.im[at]! / norm;
    for (let i = k + 1; i < n; i++) {
      const place = i * n + k;
      const [re, im] = [a.re[place]! * ire - a.im[place]! * iim, a.re[place]! * iim + a.im[place]! * ire];
      if (re === 0 && im === 0) continue;
      subtract(a, i * n, k * n, k + 1, n, re, im);
      subtract(b, i * width, k * width, 0, width, re, im);
    }
    for (let j = 0; j < width; j++) scale(b, k * width + j, ire, iim);
    for (let j = k + 1; j < n; j++) scale(a, k * n + j, ire, iim);
  }
  for (let k = n - 1; k > 0; k--) {
    for (let i = 0; i < k; i++)
      subtract(b, i * width, k * width, 0, width, a.re[i * n + k]!, a.im[i * n + k]!);
  }
  return Math.atan2(Math.sin(argument), Math.cos(argument));
}

/**
 * Returns the argument of det(m), continuous from i times the identity; m is symmetric. Its imaginary part must be
 * positive definite. The result is the sum of the arguments of its pivots, which all lie in the upper half-plane.
 * Overwrites m.
 */
export function determinantArgument(m: Complexes, n: number): number {
  let argument = 0;
  for (let k = 0; k < n; k++) {
    const at = k * n + k;
    argument += Math.atan2(m.im[at]!, m.re[at]!);
    const norm = m.re[at]! ** 2 + m.im[at]! ** 2;
    for (let i = k + 1; i < n; i++) {
      const place = i * n + k;
      const re = (m.re[place]! * m.re[at]! + m.im[place]! * m.im[at]!) / norm;
      const im = (m.im[place]! * m.re[at]! - m.re[place]! * m.im[at]!) / norm;
      subtract(m, i * n, k * n, k + 1, n, re, im);
    }
  }
  return argument;
}

const size = (a: Complexes, place: number) => Math.abs(a.re[place]!) + Math.abs(a.im[place]!);

function exchange(a: Complexes, x: number, y: number, count: number): void {
  for (const part of [a.re, a.im]) {
    for (let k = 0; k < count; k++) [part[x + k], part[y + k]] = [part[y + k]!, part[x + k]!];
  }
}

/** Subtracts the factor times entries of the row at `source` from entries `from` to `end` of the row at `to`. */
function subtract(
  a: Complexes,
  to: number,
  source: number,
  from: number,
  end: number,
  re: number,
  im: number,
): void {
  for (let k = from; k < end; k++) {
    const x = a.re[source + k]!;
    const y = a.im[source + k]!;
    a.re[to + k]! -= re * x - im * y;
    a.im[to + k]! -= re * y + im * x;
  }
}

function scale(a: Complexes, place: number, re: number, im: number): void {
  const x = a.re[place]!;
  const y = a.im[place]!;
  a.re[place] = x * re - y * im;
  a.im[place] = x * im + y * re;
}
