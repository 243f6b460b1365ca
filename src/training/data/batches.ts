import { shuffled } from '../../random/shuffled.js';
import { createStream } from '../../random/stream.js';
import type { Recipe } from '../recipe.js';
import { type Augmentation, drawAugmentation } from './augmentation.js';
import type { LabelledImages } from './labelled-images.js';
import type { ByteTable } from './standardise.js';

/** The input of an engine's step. */
export interface Batch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** Returns the order of the training images in an epoch, by seed and epoch. */
export function epochOrder(count: number, seed: number, epoch: number): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  return shuffled(all, createStream(seed, `training/epoch ${epoch}/order`));
}

/** Returns these images of a training set with the recipe's changes in this epoch. */
export function trainingBatch(
  data: LabelledImages,
  table: ByteTable,
  recipe: Recipe,
  epoch: number,
  indices: readonly number[],
): Batch {
  const size = data.resolution ** 2 * data.channels;
  const images = new Float32Array(indices.length * size);
  for (const [i, image] of indices.entries()) {
    const change = drawAugmentation(recipe, epoch, image, data.resolution);
    writeImage(data, table, image, change, images.subarray(i * size, (i + 1) * size));
  }
  return { images, labels: Int32Array.from(indices, (image) => data.labels[image]!) };
}

/** Returns images `from` to `from + count - 1` unchanged. */
export function plainBatch(data: LabelledImages, table: ByteTable, from: number, count: number): Batch {
  const { resolution, channels, pixels, labels } = data;
  const size = resolution ** 2 * channels;
  const bytes = pixels.subarray(from * size, (from + count) * size);
  const images = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) images[i] = table[i % channels]![bytes[i]!]!;
  return { images, labels: labels.slice(from, from + count) };
}

/** Writes one image into `out`. Places without a pixel stay 0, the mean colour. */
function writeImage(
  { resolution, channels, pixels }: LabelledImages,
  table: ByteTable,
  image: number,
  { left, top, mirrored, hole }: Augmentation,
  out: Float32Array,
): void {
  const start = image * resolution ** 2 * channels;
  for (let y = Math.max(0, -top); y < Math.min(resolution, resolution - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(resolution, resolution - left); x++) {
      const from = start + ((y + top) * resolution + x + left) * channels;
      const to = (y * resolution + (mirrored ? resolution - 1 - x : x)) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = table[c]![pixels[from + c]!]!;
    }
  }
  if (!hole) return;
  const end = (at: number) => Math.min(resolution, at + hole.side);
  for (let y = Math.max(0, hole.top); y < end(hole.top); y++) {
    const row = y * resolution;
    out.fill(0, (row + Math.max(0, hole.left)) * channels, (row + Math.max(0, end(hole.left))) * channels);
  }
}
