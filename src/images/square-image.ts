import type { Pixels } from './pixels.js';

/**
 * Returns the middle square of an image at another size: [size, size, 3], 0 to 255, not rounded. Each new pixel is the
 * mean of the old ones, weighted by a triangle that spans two new pixels (or two old ones, if those are larger):
 * bilinear resampling with antialiasing, as Pillow's `BILINEAR` and PyTorch's `interpolate(..., antialias=True)` do it.
 */
export function squareImage({ width, height, data }: Pixels, size: number): Float32Array {
  const side = Math.min(width, height);
  const left = Math.floor((width - side) / 2);
  const top = Math.floor((height - side) / 2);
  const weights = triangleWeights(side, size);
  // rows first: [side, size, 3]
  const rows = new Float64Array(side * size * 3);
  for (let y = 0; y < side; y++) {
    const line = ((top + y) * width + left) * 3;
    for (let x = 0; x < size; x++) {
      const { from, shares } = weights[x]!;
      let [red, green, blue] = [0, 0, 0];
      for (let k = 0, at = line + from * 3; k < shares.length; k++, at += 3) {
        const share = shares[k]!;
        red += share * data[at]!;
        green += share * data[at + 1]!;
        blue += share * data[at + 2]!;
      }
      const at = (y * size + x) * 3;
      rows[at] = red;
      rows[at + 1] = green;
      rows[at + 2] = blue;
    }
  }
  const out = new Float32Array(size * size * 3);
  const line = size * 3;
  const sum = new Float64Array(line);
  for (let y = 0; y < size; y++) {
    const { from, shares } = weights[y]!;
    sum.fill(0);
    for (let k = 0; k < shares.length; k++) {
      const share = shares[k]!;
      const at = (from + k) * line;
      for (let i = 0; i < line; i++) sum[i]! += share * rows[at + i]!;
    }
    out.set(sum, y * line);
  }
  return out;
}

/** Returns, for each new pixel, the first old pixel used and the weights of that and the following ones. */
function triangleWeights(from: number, to: number): { from: number; shares: Float64Array }[] {
  const scale = from / to;
  const support = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(from, Math.floor(centre + support + 0.5));
    const shares = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / support),
    );
    const total = shares.reduce((sum, share) => sum + share, 0);
    return { from: first, shares: Float64Array.from(shares, (share) => share / total) };
  });
}
