import { readPositions } from './read';
import { View } from './view';

/** Adds the first `channels` channels of rows to those of other rows. */
export function addPositions(
  from: usize,
  fromRow: usize,
  channels: i32,
  target: usize,
  targetRow: usize,
  positions: i32,
): void {
  const whole = (<usize>(channels & ~3)) << 2,
    all = (<usize>channels) << 2;
  for (let p = 0; p < positions; p++) {
    let k: usize = 0;
    for (; k < whole; k += 16) v128.store(target + k, f32x4.add(v128.load(target + k), v128.load(from + k)));
    for (; k < all; k += 4) store<f32>(target + k, load<f32>(target + k) + load<f32>(from + k));
    from += fromRow;
    target += targetRow;
  }
}

/**
 * A shortcut: y = f(x) + f(entry) in the first `channels` channels. f is the normalization and activation of its
 * argument.
 */
export function shortcutForward(
  x: View,
  entry: View,
  channels: i32,
  positions: i32,
  y: usize,
  work: usize,
): void {
  for (let p = 0; p < positions; p++) {
    readPositions(x, p, 1, x.row, y, x.row);
    readPositions(entry, p, 1, entry.row, work, entry.row);
    addPositions(work, entry.row, channels, y, x.row, 1);
    y += x.row;
  }
}
