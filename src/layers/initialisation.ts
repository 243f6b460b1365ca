import { Matrix, QrDecomposition } from 'ml-matrix';
import { splitNotation } from '../fields.js';
import { fillNormal } from '../random/distributions.js';
import type { Stream } from '../random/stream.js';
import { normalOf, uniformOf, type Distribution } from './distribution.js';

/**
 * The shape of a convolution's weights: [window, window, input channels, output channels]; depthwise has one output per
 * input.
 */
export interface FilterShape {
  /** Height and width of the kernel; the fans count all of it. */
  readonly kernel: number;
  /** Height and width of the middle part of the kernel that can meet the input. Only this part is drawn and applied. */
  readonly window: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly depthwise: boolean;
}

/** How a convolution's weights (in the order height, width, in, out) or biases are drawn. */
export type Initialiser = Distribution<FilterShape>;

/**
 * Returns the distribution of weights in this notation, or undefined if the notation is invalid.
 *
 * - `normal[:sd]` N(0, sd²), sd 1 by default; `uniform[:a]` on (-a, a), a 1 by default; neither scaled by the fan
 * - `normal:g/fan-in` N(0, g² / fan_in), `uniform:g/fan-in` ±g / sqrt(fan_in); besides `fan-in` also `fan-out`, and
 *   `inputs` and `outputs`: channels alone, without the k² of the kernel
 * - `kaiming-normal[:fan-in|fan-out]` N(0, 2 / fan), `kaiming-uniform[:fan-in|fan-out]` ±sqrt(6 / fan)
 *   (He et al. 2015; gain sqrt(2); fan-in by default)
 * - `xavier-normal` N(0, 2 / (fan_in + fan_out)), `xavier-uniform` ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010)
 * - `pytorch` ±1 / sqrt(fan_in), the default of torch.nn.Conv2d
 * - `orthogonal` orthonormal rows (or columns, if fewer) of the weights as an out x (in k k) matrix (Saxe et al. 2014)
 *
 * Fans follow PyTorch: fan_in = inputs / groups x k², fan_out = outputs x k², also for depthwise.
 */
export function readWeights(text: string): Initialiser | undefined {
  const notation = splitNotation(text);
  const { name, argument } = notation;
  const scale = readScale(argument ?? '1');
  const fan =
    argument === undefined || argument === 'fan-in' ? fanIn : argument === 'fan-out' ? fanOut : undefined;
  const plain = argument === undefined;
  const fanSum = (shape: FilterShape) => fanIn(shape) + fanOut(shape);
  // the square root is taken of what stands under it, not of a variance, to the last bit
  const normal = (variance: SizeOf) =>
    normalOf<FilterShape>(notation, (shape) => Math.sqrt(variance(shape)), variance);
  const uniform = (square: SizeOf) =>
    uniformOf<FilterShape>(
      notation,
      (shape) => Math.sqrt(square(shape)),
      (shape) => square(shape) / 3,
    );
  if (name === 'normal' && scale) return normalOf(notation, scale);
  if (name === 'uniform' && scale) return uniformOf(notation, scale);
  if (name === 'kaiming-normal' && fan) return normal((shape) => 2 / fan(shape));
  if (name === 'kaiming-uniform' && fan) return uniform((shape) => 6 / fan(shape));
  if (name === 'xavier-normal' && plain) return normal((shape) => 2 / fanSum(shape));
  if (name === 'xavier-uniform' && plain) return uniform((shape) => 6 / fanSum(shape));
  if (name === 'pytorch' && plain)
    return uniformOf(
      notation,
      (shape) => 1 / Math.sqrt(fanIn(shape)),
      (shape) => 1 / (3 * fanIn(shape)),
    );
  if (name === 'orthogonal' && plain) return orthogonal;
  return undefined;
}

type SizeOf = (shape: FilterShape) => number;

/**
 * Returns a function that gives the scale of a convolution, or undefined for invalid text. `2` means 2, and `2/fan-in`
 * means 2 / sqrt(fan_in).
 */
function readScale(text: string): SizeOf | undefined {
  const [gain = '', count, ...rest] = text.split('/');
  if (!(Number(gain) > 0) || !Number.isFinite(Number(gain)) || rest.length > 0) return undefined;
  if (count === undefined) return () => Number(gain);
  if (!Object.hasOwn(counts, count)) return undefined;
  return (shape) => Number(gain) / Math.sqrt(counts[count]!(shape));
}

const counts: Readonly<Record<string, SizeOf>> = {
  'fan-in': fanIn,
  'fan-out': fanOut,
  inputs: ({ inputs, depthwise }) => (depthwise ? 1 : inputs),
  outputs: ({ outputs }) => outputs,
};

export const weightNotations =
  'normal[:SD], uniform[:BOUND], each with /fan-in, /fan-out, /inputs or /outputs after the number, kaiming-normal[:fan-in|fan-out], kaiming-uniform[:fan-in|fan-out], xavier-normal, xavier-uniform, pytorch, orthogonal';

/**
 * Returns the distribution of a bias rule, null for `none` (no bias), or undefined for an invalid notation. Rules are
 * `none`, `normal[:sd]`, `uniform[:a]` on (-a, a), and `pytorch`, ±1 / sqrt(fan_in) of the convolution.
 */
export function readBias(notation: string): Initialiser | null | undefined {
  if (notation === 'none') return null;
  const { name } = splitNotation(notation);
  return name === 'normal' || name === 'uniform' || name === 'pytorch' ? readWeights(notation) : undefined;
}

export const biasNotations = 'none, normal[:SD], uniform[:BOUND], pytorch';

/**
 * Returns how the shift of a normalization is drawn, one number per channel; undefined for an invalid notation. The
 * notations are `none`, `normal[:sd]`, and `uniform[:a]` on (-a, a). `none` gives null: nothing is added.
 */
export function readShift(notation: string): Initialiser | null | undefined {
  return notation === 'pytorch' || notation.includes('/') ? undefined : readBias(notation);
}

export const shiftNotations = 'none, normal[:SD], uniform[:BOUND]';

function fanIn({ kernel, inputs, depthwise }: FilterShape): number {
  return (depthwise ? 1 : inputs) * kernel * kernel;
}

function fanOut({ kernel, outputs }: FilterShape): number {
  return outputs * kernel * kernel;
}

const orthogonal: Initialiser = {
  ...splitNotation('orthogonal'),
  joint: true,
  fill: fillOrthogonal,
  mean: () => 0,
  variance: (shape) => 1 / Math.max(shape.outputs, fanIn(shape)),
};

/**
 * Fills `out` with the Q of a normal matrix's QR factorisation. The signs of R's diagonal are removed, so Q is uniform
 * over the orthogonal matrices.
 */
function fillOrthogonal(stream: Stream, out: Float32Array, shape: FilterShape): Float32Array {
  const columns = fanIn(shape);
  const tall = Math.max(shape.outputs, columns);
  const narrow = Math.min(shape.outputs, columns);
  const normal = fillNormal(stream, new Float64Array(tall * narrow));
  const qr = new QrDecomposition(Matrix.from1DArray(tall, narrow, normal));
  const q = qr.orthogonalMatrix;
  const sign = qr.upperTriangularMatrix.diagonal().map((r) => (r < 0 ? -1 : 1));
  for (let output = 0; output < shape.outputs; output++) {
    for (let column = 0; column < columns; column++) {
      const [row, rank] = shape.outputs >= columns ? [output, column] : [column, output];
      out[column * shape.outputs + output] = q.get(row, rank) * sign[rank]!;
    }
  }
  return out;
}
