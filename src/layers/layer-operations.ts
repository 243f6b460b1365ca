import type { Matrix } from '../spectrum/matrix.js';
import type { Activation } from './activations.js';

/**
 * The operations of a layer, with its data loaded into a backend. `T` is a tensor of that backend: [image, row, column,
 * channel]. A result is valid until the next operation, except `input` and what `keep` stored.
 */
export interface LayerOperations<T> {
  readonly input: T;
  /** In the block's order, each with its bias, normalization and scale. */
  readonly convolve: readonly ((x: T) => T)[];
  /** @throws RangeError for an activation that changes the shape or returns anything but real numbers */
  activate(x: T, activation: Activation): T;
  /**
   * Adds the input to the first d_in channels of y. If valid padding made y smaller, the middle of the input is added.
   */
  addShortcut(y: T): T;
  /** Returns the first `count` positions as a new matrix, one row per position. */
  read(y: T, count: number): Matrix;
  /** Runs `compute` and keeps its result until `close` or the next `keep`. */
  keep(compute: () => T): T;
  /** Runs `compute` in a scope; tensors made inside are freed on return. */
  within<R>(compute: () => R): R;
  /** Frees the layer's memory. */
  close(): void;
}
