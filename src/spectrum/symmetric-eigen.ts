/** The eigenvalues of a symmetric matrix, and its leading eigenvectors on request. */
export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array;
  /** Returns the first `count` eigenvectors, one after another, orthonormal to rounding. */
  vectors(count: number): Float64Array;
}

const ROUNDOFF = 2 ** -52;

/**
 * Returns the eigenvalues of a symmetric matrix (row-major; the lower triangle is read), in plain JavaScript. The steps
 * are Householder tridiagonalisation, implicit QL for the values, and inverse iteration with reorthogonalisation for
 * the vectors (Golub and Van Loan, "Matrix Computations", 8.3 and 8.2.2). Errors of values are about n 2^-53 of the
 * largest. The work is (4/3) n³ for the values, and 4 n² per vector, with n times the square of their number.
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  let unit = 0;
  for (const entry of matrix) unit = Math.max(unit, Math.abs(entry));
  // so that squares neither over- nor underflow
  const { diagonal, beside, reflections } = tridiagonal(
    unit === 0 ? matrix : matrix.map((entry) => entry / unit),
    size,
  );
  const values = qlValues(diagonal, beside).sort().reverse();
  return {
    values: values.map((value) => value * unit),
    vectors(count) {
      const wanted = Math.min(count, size);
      const out = inverseIteration(diagonal, beside, values, wanted);
      for (let i = 0; i < wanted; i++) reflect(out.subarray(i * size, (i + 1) * size), reflections, size);
      return out;
    },
  };
}

/** H = I - v vᵀ, where v has the squared norm 2 and begins at `start`. */
interface Reflection {
  readonly start: number;
  readonly vector: Float64Array;
}

/** Returns T = Qᵀ A Q and the reflections of Q = H_0 H_1 ... */
function tridiagonal(matrix: Float64Array, size: number) {
  // rows of the lower triangle
  const a = Array.from({ length: size }, (_, i) => matrix.slice(i * size, i * size + i + 1));
  const [diagonal, beside] = [new Float64Array(size), new Float64Array(Math.max(0, size - 1))];
  const reflections: Reflection[] = [];
  for (let step = 0; step < size; step++) {
    diagonal[step] = a[step]![step]!;
    const length = size - step - 1;
    if (length === 0) break;
    const start = step + 1;
    const v = Float64Array.from({ length }, (_, i) => a[start + i]![step]!);
    let rest = 0;
    for (let i = 1; i < length; i++) rest += v[i]! * v[i]!;
    if (rest === 0) {
      beside[step] = v[0]!;
      continue;
    }
    const norm = Math.sqrt(v[0]! * v[0]! + rest);
    const end = v[0]! > 0 ? -norm : norm;
    beside[step] = end;
    v[0]! -= end;
    const scale = Math.sqrt(2 / (v[0]! * v[0]! + rest));
    for (let i = 0; i < length; i++) v[i]! *= scale;
    // A := A - v wᵀ - w vᵀ with w = A v - (vᵀ A v / 2) v
    const w = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const row = a[start + i]!;
      const own = v[i]!;
      let sum = 0;
      for (let j = 0, at = start; j < i; j++, at++) {
        sum += row[at]! * v[j]!;
        w[j]! += row[at]! * own;
      }
      w[i]! += sum + row[start + i]! * own;
    }
    let half = 0;
    for (let i = 0; i < length; i++) half += v[i]! * w[i]!;
    half /= 2;
    for (let i = 0; i < length; i++) w[i]! -= half * v[i]!;
    for (let i = 0; i < length; i++) {
      const row = a[start + i]!;
      const [vi, wi] = [v[i]!, w[i]!];
      for (let j = 0, at = start; j <= i; j++, at++) row[at]! -= vi * w[j]! + wi * v[j]!;
    }
    reflections.push({ start, vector: v });
  }
  return { diagonal, beside, reflections };
}

/** Applies Q to a vector. */
function reflect(x: Float64Array, reflections: readonly Reflection[], size: number): void {
  for (let k = reflections.length - 1; k >= 0; k--) {
    const { start, vector } = reflections[k]!;
    let dot = 0;
    for (let i = start; i < size; i++) dot += vector[i - start]! * x[i]!;
    for (let i = start; i < size; i++) x[i]! -= dot * vector[i - start]!;
  }
}

/** Steps per eigenvalue; two or three are usual. */
const MAX_STEPS = 60;

/** Eigenvalues by implicit QL with Wilkinson's shift: `imtql1` of EISPACK. */
function qlValues(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const size = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(size);
  e.set(beside);
  // below the rounding of the reduction there is nothing to converge to
  let norm = 0;
  for (let i = 0; i < size; i++) norm = Math.max(norm, Math.abs(d[i]!), Math.abs(e[i]!));
  const negligible = (ROUNDOFF / 4) * norm;
  for (let l = 0; l < size; l++) {
    for (let step = 0; ; step++) {
      let m = l;
      while (
        m < size - 1 &&
        Math.abs(e[m]!) > negligible + ROUNDOFF * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))
      )
        m++;
      if (m === l) break;
      if (step === MAX_STEPS) throw new Error('the eigenvalue iteration did not converge');
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = Math.hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -r : r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
      }
      if (r === 0 && i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return d;
}

/** Returns eigenvectors of a tridiagonal matrix, each orthogonal to those before it. */
function inverseIteration(
  diagonal: Float64Array,
  beside: Float64Array,
  values: Float64Array,
  count: number,
): Float64Array {
  const size = diagonal.length;
  const out = new Float64Array(count * size);
  const norm = Math.max(...[0, size - 1].map((i) => Math.abs(values[i] ?? 0)));
  if (norm === 0) {
    for (let k = 0; k < count; k++) out[k * size + k] = 1;
    return out;
  }
  const solve = tridiagonalSolver(diagonal, beside, norm * ROUNDOFF);
  let state = 1;
  let previous = Infinity;
  for (let k = 0; k < count; k++) {
    const x = out.subarray(k * size, (k + 1) * size);
    // equal values are told apart by a few units of roundoff, so that they have solutions of their own
    const value = Math.min(values[k]!, previous - 4 * ROUNDOFF * norm);
    previous = value;
    for (let i = 0; i < size; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      x[i] = state / 2 ** 32 - 0.5;
    }
    for (let pass = 0; pass < PASSES; pass++) {
      solve(value, x);
      orthogonalise(x, out, k, size);
    }
    orthogonalise(x, out, k, size);
  }
  return out;
}

/** Steps of inverse iteration; the first already gives a residual of some roundoffs for nearly all vectors. */
const PASSES = 3;

/** Removes the components of x along the first `count` vectors and normalizes it. */
function orthogonalise(x: Float64Array, vectors: Float64Array, count: number, size: number): void {
  normalise(x);
  for (let k = 0; k < count; k++) {
    const start = k * size;
    let dot = 0;
    for (let i = 0; i < size; i++) dot += vectors[start + i]! * x[i]!;
    if (Math.abs(dot) < 1e-17) continue;
    for (let i = 0; i < size; i++) x[i]! -= dot * vectors[start + i]!;
  }
  normalise(x);
}

function normalise(x: Float64Array): void {
  let largest = 0;
  for (const value of x) largest = Math.max(largest, Math.abs(value));
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! / largest) ** 2;
  const scale = 1 / (largest * Math.sqrt(sum));
  for (let i = 0; i < x.length; i++) x[i]! *= scale;
}

/** Returns a function that solves (T - value I) y = x in place, by Gaussian elimination with partial pivoting. */
function tridiagonalSolver(diagonal: Float64Array, beside: Float64Array, tiny: number) {
  const size = diagonal.length;
  const [u0, u1, u2] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  return (value: number, x: Float64Array): void => {
    let [own, next] = [diagonal[0]! - value, beside[0] ?? 0];
    for (let i = 0; i < size - 1; i++) {
      const below = beside[i]!;
      const [a, b, c] = [below, diagonal[i + 1]! - value, beside[i + 1] ?? 0];
      if (Math.abs(a) > Math.abs(own)) {
        // rows change places
        const factor = own / a;
        u0[i] = a;
        u1[i] = b;
        u2[i] = c;
        const held = x[i]!;
        x[i] = x[i + 1]!;
        x[i + 1] = held - factor * x[i]!;
        [own, next] = [next - factor * b, -factor * c];
      } else {
        const pivot = own === 0 ? tiny : own;
        const factor = a / pivot;
        u0[i] = pivot;
        u1[i] = next;
        u2[i] = 0;
        x[i + 1]! -= factor * x[i]!;
        [own, next] = [b - factor * next, c];
      }
    }
    u0[size - 1] = own;
    for (let i = size - 1; i >= 0; i--) {
      const sum = x[i]! - (u1[i] ?? 0) * (x[i + 1] ?? 0) - (u2[i] ?? 0) * (x[i + 2] ?? 0);
      x[i] = sum / (Math.abs(u0[i]!) < tiny ? (u0[i]! < 0 ? -tiny : tiny) : u0[i]!);
    }
  };
}
