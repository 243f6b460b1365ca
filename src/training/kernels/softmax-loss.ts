import type { BatchResult } from '../engine.js';

/**
 * Returns the mean softmax cross-entropy of images, with label smoothing as in PyTorch. The target has 1 - smoothing +
 * smoothing / classes for the label, and smoothing / classes for every other class. In float64.
 *
 * @param scores rows of `row` floats, of which the first `classes` are scores
 * @param gradient receives the gradient of the loss, in rows like those of the scores; may be the scores themselves
 */
export function softmaxLoss(
  scores: Float32Array,
  { row, classes, labels }: { row: number; classes: number; labels: Int32Array },
  smoothing: number,
  gradient?: Float32Array,
): BatchResult {
  let loss = 0;
  let correct = 0;
  const other = smoothing / classes;
  for (let image = 0; image < labels.length; image++) {
    const at = image * row;
    const label = labels[image]!;
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[at + c]! > scores[at + best]!) best = c;
    const top = scores[at + best]!;
    let sum = 0;
    let total = 0;
    for (let c = 0; c < classes; c++) {
      const apart = scores[at + c]! - top;
      sum += Math.exp(apart);
      total += apart;
    }
    const log = Math.log(sum);
    loss += log - (1 - smoothing) * (scores[at + label]! - top) - other * total;
    if (best === label) correct++;
    if (!gradient) continue;
    for (let c = 0; c < classes; c++) {
      const target = other + (c === label ? 1 - smoothing : 0);
      gradient[at + c] = (Math.exp(scores[at + c]! - top - log) - target) / labels.length;
    }
  }
  return { loss: loss / labels.length, correct };
}
