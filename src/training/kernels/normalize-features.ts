import type { FeatureView } from './training-memory.js';

/** The tensors of a layer's scale and shift; null for those it does not have. */
export interface ChannelTensors {
  readonly bias: Float32Array | null;
  readonly normalization: NormalizationTensors | null;
}

export interface NormalizationTensors {
  readonly epsilon: number;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  /** Running statistics. */
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** The gradients of the tensors that are trained. */
export interface ChannelGradients {
  readonly bias: Float32Array | null;
  readonly normalization: Pick<NormalizationTensors, 'gamma' | 'beta'> | null;
}

/** The share by which the running statistics move towards a batch's; PyTorch's default. */
const MOMENTUM = 0.1;

/**
 * Sets scale and shift from the sums of this batch, and moves the running statistics. The variance used is the biased
 * one, the variance kept is the unbiased one, as PyTorch has them.
 */
export function normalizeByBatch(
  { table, first, sums, inverse, features: { row, channels } }: FeatureView,
  { bias, normalization }: ChannelTensors,
  positions: number,
): void {
  if (!normalization) return setShift(table, row, bias);
  const { epsilon, gamma, beta, mean, variance } = normalization;
  const unbiased = positions / Math.max(1, positions - 1);
  for (let c = 0; c < channels; c++) {
    const apart = sums[c]! / positions;
    const average = first[c]! + apart;
    const spread = Math.max(0, sums[row + c]! / positions - apart * apart);
    inverse[c] = 1 / Math.sqrt(spread + epsilon);
    const scale = gamma[c]! * inverse[c]!;
    table[c] = scale;
    table[row + c] = beta[c]! - average * scale;
    table[4 * row + c] = average;
    mean[c]! += MOMENTUM * (average + (bias?.[c] ?? 0) - mean[c]!);
    variance[c]! += MOMENTUM * (spread * unbiased - variance[c]!);
  }
}

/** Sets scale and shift from the running statistics. */
export function normalizeByHistory(
  { table, features: { row, channels } }: FeatureView,
  { bias, normalization }: ChannelTensors,
): void {
  if (!normalization) return setShift(table, row, bias);
  const { epsilon, gamma, beta, mean, variance } = normalization;
  for (let c = 0; c < channels; c++) {
    const scale = gamma[c]! / Math.sqrt(variance[c]! + epsilon);
    table[c] = scale;
    table[row + c] = beta[c]! + ((bias?.[c] ?? 0) - mean[c]!) * scale;
  }
}

function setShift(table: Float32Array, row: number, bias: Float32Array | null): void {
  if (bias) table.set(bias, row);
}

/**
 * Sets the coefficients of the gradient of y and the gradients of the tensors from sums over the next gradient. With A
 * = sum of f' gradient and B = sum of the same times (y - mean), the gradient of y is scale (f' gradient - A / n - (y -
 * mean) B / (n (variance + epsilon))).
 *
 * A bias before a normalization has no gradient: the mean removes it.
 */
export function gradientOfNormalization(
  { table, gradientSums, inverse, features: { row, channels } }: FeatureView,
  { bias, normalization }: ChannelGradients,
  positions: number,
): void {
  if (!normalization) {
    bias?.set(gradientSums.subarray(0, channels));
    return;
  }
  bias?.fill(0);
  const { gamma, beta } = normalization;
  for (let c = 0; c < channels; c++) {
    const a = gradientSums[c]!;
    const b = gradientSums[row + c]!;
    const scale = table[c]!;
    const slope = (-scale * inverse[c]! * inverse[c]! * b) / positions;
    gamma[c] = b * inverse[c]!;
    beta[c] = a;
    table[2 * row + c] = (-scale * a) / positions - slope * table[4 * row + c]!;
    table[3 * row + c] = slope;
  }
}
