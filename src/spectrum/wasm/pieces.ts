import type { Matrix } from '../matrix.js';
import { panelsOf } from './gram/gram-matrix.js';
import type { KernelInstance } from '../../kernels/kernel-instance.js';

/** Space in the kernels' memory for a piece of a matrix, unpacked and packed. */
export interface PieceRoom {
  /** Byte offsets. */
  readonly staging: number;
  readonly packed: number;
  /** Bytes of each. */
  readonly bytes: number;
}

/** Returns the bytes of each space for pieces of `steps` steps of the long side. */
export function pieceBytes(size: number, steps: number): number {
  return 32 * panelsOf(size) * steps;
}

/**
 * Packs a matrix piece by piece into panels (kernels/assembly/spectrum/pack.ts) and calls `use` after each piece. A piece has at
 * most `max` steps of the side summed over; `use` gets their number. Entries become doubles times `scale`. The matrix
 * as a whole is never copied.
 *
 * @param side the side that runs down the panels: of A Aᵀ the rows
 */
export function packPieces(
  instance: KernelInstance,
  matrix: Matrix,
  side: 'rows' | 'columns',
  max: number,
  scale: number,
  room: PieceRoom,
  use: (steps: number) => void,
): void {
  const { data, rows, columns } = matrix;
  const { kernels } = instance;
  const { packed } = room;
  const isFloat32 = data instanceof Float32Array;
  const stage = (length: number) =>
    isFloat32 ? instance.float32(room.staging, length) : instance.float64(room.staging, length);
  if (side === 'columns') {
    const pack = isFloat32 ? kernels.packColumnsF32 : kernels.packColumnsF64;
    for (let from = 0; from < rows; from += max) {
      const steps = Math.min(max, rows - from);
      stage(columns * steps).set(data.subarray(from * columns, (from + steps) * columns));
      pack(room.staging, columns, columns, steps, packed, scale);
      use(steps);
    }
    return;
  }
  const pack = isFloat32 ? kernels.packRowsF32 : kernels.packRowsF64;
  const whole = data.byteLength <= room.bytes;
  if (whole) stage(data.length).set(data);
  for (let from = 0; from < columns; from += max) {
    const steps = Math.min(max, columns - from);
    if (whole) pack(room.staging + from * data.BYTES_PER_ELEMENT, columns, rows, steps, packed, scale);
    else {
      const staged = stage(rows * steps);
      for (let row = 0; row < rows; row++) {
        const start = row * columns + from;
        staged.set(data.subarray(start, start + steps), row * steps);
      }
      pack(room.staging, steps, rows, steps, packed, scale);
    }
    use(steps);
  }
}
