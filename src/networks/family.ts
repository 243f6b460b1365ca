import { invalid } from '../errors.js';
import type { NetworkSettings } from './network-settings.js';

/** The scale factors of a family of networks. */
export interface FamilyOptions extends NetworkSettings {
  /** Factor of the channels. @default 1 */
  readonly width?: number | undefined;
}

/** The resolution and number of classes of ImageNet networks. */
export const imageNet = { resolution: 224, classes: 1000 } as const;

/** Batch normalization's usual epsilon (PyTorch's default). */
export const usualEpsilon = 1e-5;

/** Returns the checked factor. @throws RangeError if it is not a positive number of a sensible size */
export function checkFactor(thing: 'width' | 'depth', factor: number): number {
  if (!(typeof factor === 'number' && factor > 0 && factor <= 100))
    throw invalid(thing, factor, 'a number above 0, at most 100');
  return factor;
}

/** Returns the channels, checked. @throws RangeError where a width leaves a layer without channels */
export function checkChannels(thing: string, channels: number, width: number): number {
  if (channels >= 1) return channels;
  throw invalid('width', width, `large enough to leave the ${thing} at least one channel`);
}

/** Returns one stride a block: each stage's stride on its first block, 1 on the others. */
export function stageStrides(strides: readonly number[], repeats: readonly number[]): number[] {
  return repeats.flatMap((times, stage) =>
    Array.from({ length: times }, (_, i) => (i === 0 ? strides[stage]! : 1)),
  );
}

/** Returns a factor as names have it: `1.0`, `0.75`. */
export function formatFactor(factor: number): string {
  return Number.isInteger(factor) ? factor.toFixed(1) : String(factor);
}
