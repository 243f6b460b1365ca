/**
 * Returns how evenly a channel list widens: the entropy of the steps between its blocks, as shares of the whole rise,
 * over that of equal steps. 1 is a straight line, 0 a list of two constant stages or of one; k equal steps among n
 * give log k / log n.
 *
 * @param channels never decreasing
 * @example
 * evenness([10, 20, 30, 40, 50]); // 1
 * evenness([10, 10, 30, 30, 50]); // 0.5
 */
export function evenness(channels: readonly number[]): number {
  const rise = channels.at(-1)! - channels[0]!;
  const steps = channels.length - 1;
  // with a single step a list is a line and two stages at once
  if (rise === 0) return 0;
  if (steps === 1) return 1;
  let entropy = 0;
  for (let i = 0; i < steps; i++) {
    const share = (channels[i + 1]! - channels[i]!) / rise;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.min(1, Math.max(0, entropy / Math.log(steps)));
}
