/** Twin of `inertia`: the positive pivots of S = L D Lᵀ, eliminated column by column. */
export function inertia(s: Float64Array, n: number): number {
  const work = s.slice();
  let positive = 0;
  for (let k = 0; k < n; k++) {
    const pivot = work[k * n + k]!;
    if (pivot > 0) positive++;
    for (let i = k + 1; i < n; i++) {
      const factor = work[i * n + k]! / pivot;
      for (let j = k + 1; j < n; j++) work[i * n + j]! -= factor * work[k * n + j]!;
    }
  }
  return positive;
}
