import { invalid, unknown } from '../errors.js';
import { checkOptions, splitNotation } from '../fields.js';
import { nearNames } from '../near.js';
import { cifarNetwork } from './cifar.js';
import { efficientNet } from './efficientnet.js';
import { mobileNetV1 } from './mobilenet-v1.js';
import { mobileNetV2 } from './mobilenet-v2.js';
import { checkCosts } from './network-costs.js';
import type { Network } from './network.js';
import type { NetworkSettings } from './network-settings.js';
import { rexNetLite } from './rexnet-lite.js';
import { rexNetPlain } from './rexnet-plain.js';
import { rexNet } from './rexnet.js';

/** The forms of names {@link networkNamed} reads; W stands for a width such as 1.0 or 0.75. */
export const networkNameFormats = [
  'rexnet-W',
  'rexnet-W:depth=D',
  'rexnet-lite-W',
  'rexnet-plain-1.0',
  'mobilenet-v1-W',
  'mobilenet-v2-W',
  'efficientnet-b0 to -b7',
  'cifar:C-C-...-C',
] as const;

/** Names that {@link networkNamed} reads: those of published networks. */
export const usualNetworks: readonly string[] = [
  ...['0.9', '1.0', '1.3', '1.5', '2.0', '3.0'].map((width) => `rexnet-${width}`),
  ...['1.0', '1.3', '1.5', '2.0'].map((width) => `rexnet-lite-${width}`),
  'rexnet-plain-1.0',
  'mobilenet-v1-1.0',
  ...['0.75', '1.0', '1.4'].map((width) => `mobilenet-v2-${width}`),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((variant) => `efficientnet-b${variant}`),
];

/**
 * Returns the network of a name such as `rexnet-1.0`, `mobilenet-v2-0.75`, `efficientnet-b0` or
 * `cifar:34-34-45-55-66` (the channels of the blocks); without a width it is 1.
 *
 * @throws RangeError for an unknown name, with those it resembles, an impossible width, or channels that decrease
 * @example
 * networkCosts(networkNamed('mobilenet-v2-0.75')).macs; // 209069792
 */
export function networkNamed(name: string, settings: NetworkSettings = {}): Network {
  checkOptions(settings, ['resolution', 'classes']);
  if (typeof name !== 'string') throw unknownNetwork(name);
  return checkCosts(published(name, settings));
}

function published(name: string, settings: NetworkSettings): Network {
  if (typeof name !== 'string') throw unknown('network', name, networkNameFormats);
  const { name: family, argument } = splitNotation(name);
  if (family === 'cifar') return cifarNetwork(readChannelList(argument ?? ''), settings);

  const [, stem = '', factor] =
    /^(rexnet-lite|rexnet-plain|rexnet|mobilenet-v1|mobilenet-v2)(?:-(.+))?$/.exec(family) ?? [];
  const width = factor === undefined ? 1 : readFactor('width', factor, name);
  const depth = argument === undefined ? undefined : readDepth(argument, name);
  if (stem === 'rexnet') return rexNet({ ...settings, width, depth });
  if (argument !== undefined) throw unknownNetwork(name);
  if (stem === 'rexnet-lite') return rexNetLite({ ...settings, width });
  if (stem === 'mobilenet-v1') return mobileNetV1({ ...settings, width });
  if (stem === 'mobilenet-v2') return mobileNetV2({ ...settings, width });
  if (stem === 'rexnet-plain') {
    if (width !== 1) throw invalid('width', width, '1: the paper has rexnet-plain at that width only');
    return rexNetPlain(settings);
  }
  const [, variant] = /^efficientnet-b([0-7])$/.exec(family) ?? [];
  if (variant !== undefined) return efficientNet(Number(variant), settings);
  throw unknownNetwork(name);
}

/** Returns the error for a name, with the forms of the families that it resembles. */
function unknownNetwork(name: unknown): RangeError {
  const [family = ''] = typeof name === 'string' ? name.split(/[-_ ]?\d*\.\d|:|[-_ ]\d+x?$/) : [];
  const near = nearNames(family, Object.keys(formOfFamily)).map((one) => formOfFamily[one]!);
  return unknown('network', name, networkNameFormats, near);
}

/** The form of each family; its key is what stands before the width. */
const formOfFamily: Readonly<Record<string, string>> = {
  rexnet: 'rexnet-W',
  'rexnet-lite': 'rexnet-lite-W',
  'rexnet-plain': 'rexnet-plain-1.0',
  'mobilenet-v1': 'mobilenet-v1-W',
  'mobilenet-v2': 'mobilenet-v2-W',
  'efficientnet-b0': 'efficientnet-b0 to -b7',
  cifar: 'cifar:C-C-...-C',
};

/** Returns the channels of a list such as `34-34-45`. @throws RangeError if it is none */
export function readChannelList(text: string): number[] {
  if (!/^\d+(-\d+)*$/.test(text)) throw invalid('channels', text, 'integers joined by -, as 34-34-45-55-66');
  return text.split('-').map(Number);
}

function readDepth(argument: string, name: string): number {
  const [, factor] = /^depth=(.+)$/.exec(argument) ?? [];
  if (factor === undefined) throw unknownNetwork(name);
  return readFactor('depth', factor, name);
}

function readFactor(thing: string, text: string, name: string): number {
  // A minus sign is no part of the notation, but the complaint about it should be of the width.
  if (!/^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) throw unknownNetwork(name);
  const factor = Number(text);
  if (!(factor > 0 && factor <= 100)) throw invalid(thing, text, 'a number above 0, at most 100');
  return factor;
}
