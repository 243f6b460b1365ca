import type { Matrix } from '../spectrum/matrix.js';
import type { Activation } from './activations.js';

/**
 * What a layer is made of, with its numbers where they are computed. `T` is a tensor there: [image, row, column,
 * channel]. What an operation returns is there until the next one; `input` and what was kept stay.
 */
export interface LayerOperations<T> {
  readonly input: T;
  /** In the block's order, each with its bias, normalization and scale. */
  readonly convolve: readonly ((x: T) => T)[];
  /** @throws RangeError for an activation that changes the shape, or gives no real numbers */
  activate(x: T, activation: Activation): T;
  /** Adds the input to the first d_in channels of y; where valid padding made y smaller, the middle of the input. */
  addShortcut(y: T): T;
  /** Returns the first `count` positions as a matrix of its own, one row a position. */
  read(y: T, count: number): Matrix;
  /** Computes what stays until `close`, or until something else is kept. */
  keep(compute: () => T): T;
  /** Computes what is read before it returns. */
  within<R>(compute: () => R): R;
  /** Gives back what the layer holds. */
  close(): void;
}
