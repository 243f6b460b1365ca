import { unknown } from '../errors.js';
import { readOptions } from '../schema.js';
import { nearNames } from '../near.js';
import { checkCosts } from './network-costs.js';
import { networkFamilies, type NetworkFamily } from './network-families.js';
import type { Network } from './network.js';
import { settingsSchema, type NetworkSettings } from './network-settings.js';

/** The formats of names {@link networkNamed} reads; W stands for a width such as 1.0 or 0.75. */
export const networkNameFormats: readonly string[] = networkFamilies.flatMap(({ formats }) => formats);

/** Names that {@link networkNamed} reads: those of published networks. */
export const usualNetworks: readonly string[] = networkFamilies.flatMap(({ usual }) => usual);

/**
 * Returns the network of a name such as `rexnet-1.0`, `mobilenet-v2-0.75` or `efficientnet-b0`. `cifar:34-34-45-55-66`
 * gives the channels of the blocks; without a width it is 1.
 *
 * @throws RangeError for an unknown name, with those it resembles, an impossible width, or channels that decrease
 * @example
 * networkCosts(networkNamed('mobilenet-v2-0.75')).macs; // 209069792
 */
export function networkNamed(name: string, settings: NetworkSettings = {}): Network {
  readOptions(settingsSchema, settings); // before the name
  const network = typeof name === 'string' ? readName(name, settings) : undefined;
  if (network === undefined) throw unknown('network', name, networkNameFormats, namesLike(name));
  return checkCosts(network);
}

/** Longer stems first: a rexnet-lite is not a rexnet. */
const byStem = networkFamilies.toSorted((one, other) => other.stem.length - one.stem.length);

function readName(name: string, settings: NetworkSettings): Network | undefined {
  const family = byStem.find(
    ({ stem }) => name.startsWith(stem) && /^([-:]|$)/.test(name.slice(stem.length)),
  );
  return family?.read(name.slice(family.stem.length), settings);
}

/** Returns the names, or else the formats of names, that an unknown one resembles. */
function namesLike(name: unknown): string[] {
  if (typeof name !== 'string' || name.length > 64) return [];
  const family = byStem.find(({ stem }) => restBehind(stem, name) !== undefined);
  if (family) return [repaired(family, name) ?? family.formats[0]];
  const [stem = ''] = name.split(/[-_ ]?\d*\.\d|:|[-_ ]\d+x?$/);
  const stems = nearNames(
    stem,
    networkFamilies.map((one) => one.stem),
  );
  return networkFamilies.filter((one) => stems.includes(one.stem)).map((one) => one.formats[0]);
}

/** Returns the name with its separators, if a network has it. Digits replace the letters that look like them. */
function repaired({ stem, formats }: NetworkFamily, name: string): string | undefined {
  const rest = restBehind(stem, name) ?? '';
  if (rest === '') return undefined;
  const [before = '', ...behind] = rest.replace(/^x|x$/g, '').replaceAll(',', '.').split(':');
  const digits = before.replaceAll('o', '0').replaceAll(/[il]/g, '1');
  const separator = formats[0].at(stem.length) ?? '-';
  const candidate = stem + separator + [digits, ...behind].join(':');
  try {
    return readName(candidate, {}) && candidate;
  } catch {
    return undefined;
  }
}

/** Returns the rest of a name after a stem with other separators or in capitals; undefined without the stem. */
function restBehind(stem: string, name: string): string | undefined {
  const letters = stem.split('').filter((letter) => /\w/.test(letter));
  const pattern = new RegExp(`^\\s*${letters.join('[-_\\s./]*')}[-_\\s./:]*(.*?)\\s*$`, 'i');
  return pattern.exec(name)?.[1]?.toLowerCase();
}
