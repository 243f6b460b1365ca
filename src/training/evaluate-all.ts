import { plainBatch } from './data/batches.js';
import type { LabelledImages } from './data/labelled-images.js';
import type { ByteTable } from './data/standardise.js';
import type { BatchResult, TrainingEngine } from './engine.js';

/** Returns the mean loss and the number of correct answers over a set of images. */
export function evaluateAll(engine: TrainingEngine, images: LabelledImages, table: ByteTable): BatchResult {
  let [loss, correct] = [0, 0];
  for (let from = 0; from < images.count; from += engine.batch) {
    const count = Math.min(engine.batch, images.count - from);
    const batch = plainBatch(images, table, from, count);
    const result = engine.evaluate(batch.images, batch.labels);
    loss += (result.loss * count) / images.count;
    correct += result.correct;
  }
  return { loss, correct };
}
