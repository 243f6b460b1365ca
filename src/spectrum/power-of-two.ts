/**
 * Returns the exponent e of the largest magnitude in the data, or -Infinity if all are zero. Thus 2^e <= max |x| < 2^(e
 * + 1). Multiplying by 2^-e is exact.
 */
export function largestExponent(data: Float32Array | Float64Array): number {
  let largest = 0;
  for (const x of data) {
    const magnitude = Math.abs(x);
    if (magnitude > largest) largest = magnitude;
  }
  return exponentOf(largest);
}

/** Returns floor(log2 x) of a number x >= 0, exactly also for subnormal numbers; -Infinity for 0. */
export function exponentOf(x: number): number {
  if (x === 0) return -Infinity;
  // Math.log2 rounds, so near a power of two it can be off by one.
  const guess = Math.floor(Math.log2(x));
  if (timesPowerOfTwo(1, guess) > x) return guess - 1;
  return guess < 1023 && timesPowerOfTwo(1, guess + 1) <= x ? guess + 1 : guess;
}

/**
 * Returns x 2^exponent for any |exponent| <= 2,000. It goes in two steps because 2^1074, which lifts the smallest
 * subnormal number to 1, is itself beyond the largest number.
 */
export function timesPowerOfTwo(x: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return x * 2 ** half * 2 ** (exponent - half);
}
