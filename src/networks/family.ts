import { invalid } from '../errors.js';
import { numberThat, orElse, readOptions, strict, type OptionEntries } from '../schema.js';
import { networkSettings, type NetworkSettings } from './network-settings.js';

/** The scale factors of a family of networks. */
export interface FamilyOptions extends NetworkSettings {
  /** Factor of the channels. @default 1 */
  readonly width?: number | undefined;
}

/** The resolution and number of classes of ImageNet networks. */
export const imageNet = { resolution: 224, classes: 1000 } as const;

/** Batch normalization's usual epsilon (PyTorch's default). */
export const usualEpsilon = 1e-5;

/** Reads a factor of channels or blocks; without one it is 1. */
export const factor = orElse(
  numberThat((x) => x > 0 && x <= 100, 'a number above 0, at most 100'),
  1,
);

const familyOptions = strict({
  ...networkSettings,
  width: factor,
} satisfies OptionEntries<FamilyOptions>);

/** Returns the options of a family of ImageNet networks, checked, with the published values for missing ones. */
export function resolveFamily(options: FamilyOptions): {
  resolution: number;
  classes: number;
  width: number;
} {
  const {
    resolution = imageNet.resolution,
    classes = imageNet.classes,
    width,
  } = readOptions(familyOptions, options);
  return { resolution, classes, width };
}

/** Returns the channels, checked. @throws RangeError where a width leaves a layer without channels */
export function checkChannels(thing: string, channels: number, width: number): number {
  if (channels >= 1) return channels;
  throw invalid('width', width, `large enough to leave the ${thing} at least one channel`);
}

/** Returns one stride per block: each stage's stride on its first block, 1 on the others. */
export function stageStrides(strides: readonly number[], repeats: readonly number[]): number[] {
  return repeats.flatMap((times, stage) =>
    Array.from({ length: times }, (_, i) => (i === 0 ? strides[stage]! : 1)),
  );
}

/** Returns a factor as written in names: `1.0`, `0.75`. */
export function formatFactor(factor: number): string {
  return Number.isInteger(factor) ? factor.toFixed(1) : String(factor);
}
