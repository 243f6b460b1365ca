import type { Vector } from './vector.js';
/** The statistics of each channel over all positions of a batch. */
export interface Moments {
  readonly mean: Vector;
  /** The sum of squares over the number of positions. */
  readonly variance: Vector;
}

/** Returns the moments of each channel of [positions, channels]. */
export function momentsOf(x: Vector, channels: number): Moments {
  const positions = x.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) mean[i % channels]! += x[i]!;
  for (let c = 0; c < channels; c++) mean[c]! /= positions;
  for (let i = 0; i < x.length; i++) {
    const distance = x[i]! - mean[i % channels]!;
    variance[i % channels]! += distance * distance;
  }
  for (let c = 0; c < channels; c++) variance[c]! /= positions;
  return { mean, variance };
}

/** Returns gamma (x - mean) / sqrt(variance + epsilon) + beta. */
export function normalize(
  x: Vector,
  { mean, variance }: Moments,
  gamma: Vector,
  beta: Vector,
  epsilon: number,
): Vector {
  const channels = gamma.length;
  const factor = gamma.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
  return x.map((value, i) => {
    const c = i % channels;
    return factor[c]! * (value - mean[c]!) + beta[c]!;
  });
}

/** Returns the gradients of a normalization by the batch's own moments, through which the input acts too. */
export function normalizationGradient(
  dy: Vector,
  x: Vector,
  { mean, variance }: Moments,
  gamma: Vector,
  epsilon: number,
): { dx: Vector; dGamma: Vector; dBeta: Vector } {
  const channels = gamma.length;
  const positions = x.length / channels;
  const deviation = variance.map((value) => Math.sqrt(value + epsilon));
  const dGamma = new Float64Array(channels);
  const dBeta = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) {
    const c = i % channels;
    dBeta[c]! += dy[i]!;
    dGamma[c]! += (dy[i]! * (x[i]! - mean[c]!)) / deviation[c]!;
  }
  const dx = x.map((value, i) => {
    const c = i % channels;
    const standard = (value - mean[c]!) / deviation[c]!;
    return (gamma[c]! / deviation[c]!) * (dy[i]! - (dBeta[c]! + standard * dGamma[c]!) / positions);
  });
  return { dx, dGamma, dBeta };
}

/** The share of a batch in the running statistics, PyTorch's default momentum. */
export const RUNNING_SHARE = 0.1;

/** Moves running statistics towards those of a batch, in place; the variance is made unbiased. */
export function updateRunning(running: Moments, batch: Moments, positions: number): void {
  const unbiased = positions > 1 ? positions / (positions - 1) : 1;
  for (let c = 0; c < running.mean.length; c++) {
    running.mean[c]! += RUNNING_SHARE * (batch.mean[c]! - running.mean[c]!);
    running.variance[c]! += RUNNING_SHARE * (batch.variance[c]! * unbiased - running.variance[c]!);
  }
}
