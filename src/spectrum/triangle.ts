/** An upper trapezoid: `rank` rows of `columns` numbers, row-major, zero left of the diagonal. */
export interface Triangle {
  readonly data: Float64Array;
  readonly rank: number;
  readonly columns: number;
}

/**
 * Returns the triangle R of a QR factorisation with column pivoting, A P = Q R. R has A's singular values (except exact
 * zeros), min(rows, columns) columns, and only the rows that stand above the noise.
 *
 * `vectors` holds A's shorter side: `count` vectors of `length` >= count numbers, one after another; it is overwritten.
 * Entries should be of the order of 1. Householder reflections as in Golub and Van Loan, "Matrix Computations", 4th
 * edition, algorithm 5.4.1, except that the remaining norms are summed anew in each step, in the pass that updates the
 * vectors anyway. So no norm is lost to cancellation.
 *
 * The factorisation ends when every remaining vector is at most `floor` times the longest one. The omitted part moves
 * no singular value by more than floor sqrt(count) sigma_1. `floor` must lie above 2^-500, so that squares do not
 * underflow.
 */
export function triangle(vectors: Float64Array, count: number, length: number, floor: number): Triangle {
  // order[i] is the vector at place i: pivoting swaps these, not the numbers.
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const squares = new Float64Array(count);
  for (let j = 0; j < count; j++) squares[j] = sumOfSquares(vectors, j * length, (j + 1) * length);

  let rank = 0;
  let min = 0;
  for (let step = 0; step < count; step++) {
    let best = step;
    for (let j = step + 1; j < count; j++) {
      if (squares[order[j]!]! > squares[order[best]!]!) best = j;
    }
    const pivot = order[best]!;
    order[best] = order[step]!;
    order[step] = pivot;
    const norm = Math.sqrt(squares[pivot]!);
    if (step === 0) min = floor * norm;
    if (norm <= min) break;
    rank++;

    // H = I - h h^T / (-alpha h_0), h = x - alpha e_0, alpha = -sign(x_0) |x|: no cancellation in h_0.
    const start = pivot * length + step;
    const end = (pivot + 1) * length;
    const alpha = vectors[start]! < 0 ? norm : -norm;
    vectors[start]! -= alpha;
    const scale = 1 / (alpha * vectors[start]!);
    for (let j = step + 1; j < count; j++) {
      const offset = order[j]! * length + step - start;
      let dot = 0;
      for (let i = start; i < end; i++) dot += vectors[i]! * vectors[i + offset]!;
      const factor = dot * scale;
      let square = 0;
      vectors[start + offset]! += factor * vectors[start]!;
      for (let i = start + 1; i < end; i++) {
        const x = vectors[i + offset]! + factor * vectors[i]!;
        vectors[i + offset] = x;
        square += x * x;
      }
      squares[order[j]!] = square;
    }
    vectors[start] = alpha;
  }

  const data = new Float64Array(rank * count);
  for (let i = 0; i < rank; i++) {
    for (let j = i; j < count; j++) data[i * count + j] = vectors[order[j]! * length + i]!;
  }
  return { data, rank, columns: count };
}

function sumOfSquares(data: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += data[i]! * data[i]!;
  return sum;
}
