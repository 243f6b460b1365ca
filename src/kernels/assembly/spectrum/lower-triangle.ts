import { diagonalAt, PAIR, panelAt, rowAt } from './tiles';
import { squaredNorm } from './reflection';

/** Copies of a symmetric matrix in tiles, to restore it after a factorisation. `panels` is its number of panels. */

/** Copies the matrix aside; returns the sum of the squares of all its entries. */
export function saveTriangle(s: usize, panels: i32, copy: usize): f64 {
  memory.copy(copy, s, panelAt(0, panels));
  let sum: f64 = 0;
  for (let i = 0; i < panels; i++) {
    // eight doubles per pair of columns left of the tile on the diagonal
    sum += 2 * squaredNorm(panelAt(s, i), 16 * i);
    for (let row = 4 * i; row < 4 * i + 4; row++) {
      for (let column = 4 * i; column <= row; column++) {
        const entry = load<f64>(rowAt(s, row) + <usize>(column >> 1) * PAIR + ((<usize>(column & 1)) << 3));
        sum += (column < row ? 2 : 1) * entry * entry;
      }
    }
  }
  return sum;
}

/** Puts the matrix back. */
export function restoreTriangle(copy: usize, s: usize, panels: i32): void {
  memory.copy(s, copy, panelAt(0, panels));
}

/** Subtracts shift I. */
export function subtractShift(s: usize, panels: i32, shift: f64): void {
  for (let i = 0; i < panels << 2; i++) {
    const at = diagonalAt(s, i);
    store<f64>(at, load<f64>(at) - shift);
  }
}
