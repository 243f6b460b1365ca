// written by the build: a switch over the kernels of `src/activations`
import { value } from './activation-values';

/**
 * Computes y = f(x) for `count` float32. `which` is the index of f among the activation definitions; y is NaN if f has
 * no kernel. Regions are whole vectors: up to three floats after the last entry are read and written.
 */
export function activate(x: usize, y: usize, count: i32, which: i32): void {
  const end = x + ((<usize>count) << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, value(which, v128.load(x)));
}
