import { invalid } from '../errors.js';
import { checkOptions } from '../fields.js';
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
 * @throws RangeError for a resolution or a number of classes that is none
 */
export function withSettings(network: Network, settings: NetworkSettings): Network {
  const { resolution, classes } = resolveSettings(settings, {
    resolution: network.resolution,
    classes: network.head.classes,
  });
  return checkCosts({ ...network, resolution, head: { ...network.head, classes } });
}

/**
 * Returns the settings, checked, with the published ones where none are given.
 * @param others the names of other options that may be among them
 */
export function resolveSettings(
  given: NetworkSettings,
  published: { readonly resolution: number; readonly classes: number },
  others: readonly string[] = [],
): { resolution: number; classes: number } {
  checkOptions(given, [...others, 'resolution', 'classes']);
  const { resolution = published.resolution, classes = published.classes } = given;
  checkCount('resolution', resolution, 8192);
  checkCount('classes', classes, 1_000_000);
  return { resolution, classes };
}

function checkCount(thing: string, value: number, most: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
    throw invalid(thing, value, `an integer from 1 to ${most}`);
  }
}
