import { sturmCount } from '../../../../src/spectrum/wasm/sturm-count.js';

/** Twin of `tridiagonalEigenvalues`: ascending, each by bisection on Sturm counts. */
export function tridiagonalEigenvalues(diagonal: Float64Array, squares: Float64Array): Float64Array {
  const n = diagonal.length;
  const radius = Math.max(
    0,
    ...diagonal.map(
      (d, i) => Math.abs(d) + Math.sqrt(squares[i - 1] ?? 0) + Math.sqrt(i < n - 1 ? squares[i]! : 0),
    ),
  );
  return Float64Array.from({ length: n }, (_, k) => {
    let low = -radius;
    let high = radius;
    // the k-th smallest lies where the count of greater ones falls from n - k to below
    for (let step = 0; step < 70; step++) {
      const middle = (low + high) / 2;
      if (sturmCount({ diagonal, squares: squares.subarray(0, n - 1) }, middle) >= n - k) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });
}
