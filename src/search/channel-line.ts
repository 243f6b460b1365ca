/**
 * Returns the least-squares line through the channels of blocks 1, 2, ...: channels = a block + b. One block gives a
 * flat line.
 */
export function channelLine(channels: readonly number[]): { a: number; b: number } {
  const n = channels.length;
  const middle = (n + 1) / 2;
  const mean = channels.reduce((sum, c) => sum + c, 0) / n;
  let [products, squares] = [0, 0];
  for (const [i, c] of channels.entries()) {
    products += (i + 1 - middle) * (c - mean);
    squares += (i + 1 - middle) ** 2;
  }
  const a = squares > 0 ? products / squares : 0;
  return { a, b: mean - a * middle };
}
