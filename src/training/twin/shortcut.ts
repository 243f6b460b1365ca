import type { Vector } from './vector.js';
/** Returns x with the entry added to the first of its channels. */
export function shortcut(
  x: Vector,
  entry: Vector,
  channels: { readonly entry: number; readonly x: number },
): Vector {
  const y = Float64Array.from(x);
  for (let i = 0; i < entry.length; i++) {
    y[Math.floor(i / channels.entry) * channels.x + (i % channels.entry)]! += entry[i]!;
  }
  return y;
}

/** Returns the gradient of a shortcut's entry: the first channels of that of its output. */
export function shortcutGradient(
  dy: Vector,
  channels: { readonly entry: number; readonly x: number },
): Vector {
  const positions = dy.length / channels.x;
  const dEntry = new Float64Array(positions * channels.entry);
  for (let i = 0; i < dEntry.length; i++) {
    dEntry[i] = dy[Math.floor(i / channels.entry) * channels.x + (i % channels.entry)]!;
  }
  return dEntry;
}
