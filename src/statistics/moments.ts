/** Returns the mean and the sample standard deviation (divisor n - 1; 0 for one value) by Welford's recurrence. */
export function meanAndSd(values: ArrayLike<number>): { mean: number; sd: number } {
  const moments = createMoments();
  for (let i = 0; i < values.length; i++) moments.add(values[i]!);
  const { mean, sd } = moments.result();
  return { mean, sd };
}

/** Creates an accumulator of the number, the mean and the sample standard deviation of values. */
export function createMoments() {
  let n = 0;
  let mean = 0;
  let squares = 0;
  return {
    add(value: number): void {
      const delta = value - mean;
      mean += delta / ++n;
      squares += delta * (value - mean);
    },
    result: () => ({ n, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 }),
  };
}
