import { lengthOf, rowMajor } from './elements.js';
import type { NamedTensor } from './model-file.js';

export interface Scales {
  readonly scales: ArrayLike<number>;
  /** Zero points, as many as scales. @default 0 */
  readonly zeros?: ArrayLike<number> | undefined;
  /** Added to what is scaled. @default 0 */
  readonly min?: number | undefined;
  /** Numbers of scales, one per axis of the tensor. Each scale holds for a block of ceil(length / size) indices. */
  readonly shape: readonly number[];
  /** Indices of a block along each axis, where that is not ceil(length / size). */
  readonly blocks?: readonly number[] | undefined;
}

/**
 * Returns the tensor of (stored - zero) x scale + min, in float64. That holds the products of float8 and float32
 * exactly.
 */
export function scaledTensor(
  tensor: NamedTensor,
  { scales, zeros, min = 0, shape, blocks }: Scales,
): NamedTensor {
  const own = rowMajor(tensor.shape);
  const strides = rowMajor(shape);
  const sizes = blocks ?? tensor.shape.map((n, axis) => Math.max(1, Math.ceil(n / shape[axis]!)));
  const read = async (start: number, count: number) => {
    const stored = await tensor.read(start, count);
    const out = new Float64Array(count);
    if (scales.length === 1) {
      const [scale, zero] = [scales[0]!, zeros?.[0] ?? 0];
      for (let i = 0; i < count; i++) out[i] = (stored[i]! - zero) * scale + min;
      return out;
    }
    const width = tensor.shape.at(-1) ?? 1;
    for (let done = 0; done < count;) {
      const at = start + done;
      // a run of the last axis, whose leading indices are the same
      const run = Math.min(count - done, width - (at % width));
      let base = 0;
      for (let axis = 0; axis < shape.length - 1; axis++)
        base +=
          Math.floor((Math.floor(at / own[axis]!) % tensor.shape[axis]!) / sizes[axis]!) * strides[axis]!;
      const column = at % width;
      const size = sizes.at(-1) ?? 1;
      for (let i = 0; i < run; i++) {
        const place = base + Math.floor((column + i) / size);
        out[done + i] = (stored[done + i]! - (zeros?.[place] ?? 0)) * scales[place]! + min;
      }
      done += run;
    }
    return out;
  };
  const count = lengthOf(shape);
  const squares = Array.from({ length: count }, (_, i) => scales[i]! ** 2).reduce((sum, x) => sum + x, 0);
  return { ...tensor, quantisation: { scale: Math.sqrt(squares / Math.max(1, count)), scales: count }, read };
}
