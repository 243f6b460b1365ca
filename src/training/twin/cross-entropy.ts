import type { Vector } from './vector.js';
import type { BatchResult } from '../engine.js';

/**
 * Returns the softmax cross-entropy of scores [images, classes], its mean over the images, and its gradient.
 * @param smoothing s: the target is 1 - s + s / classes at the label and s / classes elsewhere
 */
export function crossEntropy(
  scores: Vector,
  labels: Int32Array,
  classes: number,
  smoothing = 0,
): BatchResult & { readonly gradient: Vector } {
  const images = labels.length;
  const gradient = new Float64Array(scores.length);
  let loss = 0;
  let correct = 0;
  for (let n = 0; n < images; n++) {
    const row = scores.subarray(n * classes, (n + 1) * classes);
    const label = labels[n]!;
    const best = row.reduce((max, score) => Math.max(max, score), -Infinity);
    if (row.indexOf(best) === label) correct++;
    const sum = row.reduce((total, score) => total + Math.exp(score - best), 0);
    for (let c = 0; c < classes; c++) {
      const logShare = row[c]! - best - Math.log(sum);
      const target = (c === label ? 1 - smoothing : 0) + smoothing / classes;
      if (target !== 0) loss -= (target * logShare) / images;
      gradient[n * classes + c] = (Math.exp(logShare) - target) / images;
    }
  }
  return { loss, correct, gradient };
}
