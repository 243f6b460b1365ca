/**
 * Twin of the kernel `inertia`. Returns the number of positive pivots of S = L D Lᵀ, eliminated column by column, and
 * the trace of |L| |D| |L|ᵀ.
 */
export function inertia(s: Float64Array, n: number): { positive: number; growth: number } {
  const { pivots, growth } = eliminate(s, n);
  return { positive: pivots.filter((pivot) => pivot > 0).length, growth };
}

/** Twin of `negativeTrace`: row j of L⁻¹, squared, over |d|, for every negative pivot. */
export function negativeTrace(s: Float64Array, n: number): number {
  const { pivots, inverse } = eliminate(s, n);
  return pivots.reduce((sum, pivot, j) => {
    const row = inverse.subarray(j * n, (j + 1) * n);
    return pivot < 0 ? sum + row.reduce((squares, x) => squares + x * x, 0) / -pivot : sum;
  }, 0);
}

/** The pivots, L⁻¹ (the same steps made on the unit matrix), and Σ |d| l² over all entries of L. */
function eliminate(s: Float64Array, n: number): { pivots: number[]; inverse: Float64Array; growth: number } {
  const a = s.slice();
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  const pivots: number[] = [];
  let growth = 0;
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k]!;
    pivots.push(pivot);
    growth += Math.abs(pivot);
    for (let i = k + 1; i < n; i++) {
      const l = a[i * n + k]! / pivot;
      growth += Math.abs(pivot) * l * l;
      for (let j = k; j < n; j++) a[i * n + j]! -= l * a[k * n + j]!;
      for (let j = 0; j <= k; j++) inverse[i * n + j]! -= l * inverse[k * n + j]!;
    }
  }
  return { pivots, inverse, growth };
}
