import { countTo, maybe, readOptions, strict, type OptionEntries } from '../schema.js';
import { checkCosts } from './network-costs.js';
import type { Network } from './network.js';

/** The settings that a network can be adapted to. */
export interface NetworkSettings {
  /** Height and width of the images. @default the published resolution */
  readonly resolution?: number | undefined;
  /** @default the published number: 1000, or 100 for CIFAR networks */
  readonly classes?: number | undefined;
}

/**
 * Returns the network for other images or another number of classes.
 * @throws RangeError for an invalid resolution or number of classes
 */
export function withSettings(network: Network, settings: NetworkSettings): Network {
  const { resolution, classes } = resolveSettings(settings, {
    resolution: network.resolution,
    classes: network.head.classes,
  });
  return checkCosts({ ...network, resolution, head: { ...network.head, classes } });
}

/** The settings of networks, by key; a family adds its own. */
export const networkSettings = {
  resolution: maybe(countTo(8192)),
  classes: maybe(countTo(1_000_000)),
} satisfies OptionEntries<NetworkSettings>;

export const settingsSchema = strict(networkSettings);

/** Returns the settings, checked, with the published values for missing ones. */
export function resolveSettings(
  given: NetworkSettings,
  published: { readonly resolution: number; readonly classes: number },
): { resolution: number; classes: number } {
  const { resolution = published.resolution, classes = published.classes } = readOptions(
    settingsSchema,
    given,
  );
  return { resolution, classes };
}
