import { invalid } from '../errors.js';
import { cifarNetwork } from './cifar.js';
import { efficientNet } from './efficientnet.js';
import { type FamilyOptions, formatFactor } from './family.js';
import { mobileNetV1 } from './mobilenet-v1.js';
import { mobileNetV2 } from './mobilenet-v2.js';
import type { Network } from './network.js';
import type { NetworkSettings } from './network-settings.js';
import { rexNetLite } from './rexnet-lite.js';
import { rexNetPlain } from './rexnet-plain.js';
import { rexNet } from './rexnet.js';

/** A family of networks that are read by name. */
export interface NetworkFamily {
  /** The beginning of its names. */
  readonly stem: string;
  /** The formats of its names, the most usual first; W stands for a width such as 1.0 or 0.75. */
  readonly formats: readonly [string, ...string[]];
  /** Names of published networks, for completion. */
  readonly usual: readonly string[];
  /** Returns the network for the part of a name after the stem, or undefined if this has another format. */
  readonly read: (rest: string, settings: NetworkSettings) => Network | undefined;
}

/** The families by name. To add a network, add a row. */
export const networkFamilies: readonly NetworkFamily[] = [
  {
    stem: 'rexnet',
    formats: ['rexnet-W', 'rexnet-W:depth=D'],
    usual: widths('rexnet', [0.9, 1, 1.3, 1.5, 2, 3]),
    read: (rest, settings) => {
      const [, width = '', depth] = /^(-[^:]+)?(?::depth=(.+))?$/.exec(rest) ?? [rest, rest];
      const factor = depth === undefined ? 1 : readFactor('depth', depth);
      if (factor === undefined) return undefined;
      return ofWidth(width, settings, (options) => rexNet({ ...options, depth: factor }));
    },
  },
  {
    stem: 'rexnet-lite',
    formats: ['rexnet-lite-W'],
    usual: widths('rexnet-lite', [1, 1.3, 1.5, 2]),
    read: (rest, settings) => ofWidth(rest, settings, rexNetLite),
  },
  {
    stem: 'rexnet-plain',
    formats: ['rexnet-plain-1.0'],
    usual: ['rexnet-plain-1.0'],
    read: (rest, settings) =>
      ofWidth(rest, settings, ({ width }) => {
        if (width === 1) return rexNetPlain(settings);
        throw invalid('width', width, '1: the paper has rexnet-plain at that width only');
      }),
  },
  {
    stem: 'mobilenet-v1',
    formats: ['mobilenet-v1-W'],
    usual: widths('mobilenet-v1', [1]),
    read: (rest, settings) => ofWidth(rest, settings, mobileNetV1),
  },
  {
    stem: 'mobilenet-v2',
    formats: ['mobilenet-v2-W'],
    usual: widths('mobilenet-v2', [0.75, 1, 1.4]),
    read: (rest, settings) => ofWidth(rest, settings, mobileNetV2),
  },
  {
    stem: 'efficientnet',
    formats: ['efficientnet-b0 to -b7'],
    usual: [0, 1, 2, 3, 4, 5, 6, 7].map((variant) => `efficientnet-b${variant}`),
    read: (rest, settings) =>
      /^-b[0-7]$/.test(rest) ? efficientNet(Number(rest.slice(2)), settings) : undefined,
  },
  {
    stem: 'cifar',
    formats: ['cifar:C-C-...-C'],
    usual: [],
    read: (rest, settings) =>
      /^(:|$)/.test(rest) ? cifarNetwork(readChannelList(rest.slice(1)), settings) : undefined,
  },
];

function widths(stem: string, factors: readonly number[]): string[] {
  return factors.map((factor) => `${stem}-${formatFactor(factor)}`);
}

/** Returns the network of a width such as `-0.75`; without one it is 1. */
function ofWidth(
  rest: string,
  settings: NetworkSettings,
  build: (options: FamilyOptions) => Network,
): Network | undefined {
  if (rest === '') return build({ ...settings, width: 1 });
  const width = rest.startsWith('-') ? readFactor('width', rest.slice(1)) : undefined;
  return width === undefined ? undefined : build({ ...settings, width });
}

/** Returns the channels of a list such as `34-34-45`. @throws RangeError for any other text */
function readChannelList(text: string): number[] {
  if (!/^\d+(-\d+)*$/.test(text)) throw invalid('channels', text, 'integers joined by -, as 34-34-45-55-66');
  return text.split('-').map(Number);
}

function readFactor(thing: string, text: string): number | undefined {
  // A minus sign is no part of the notation, but the complaint about it should be of the width.
  if (!/^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  const factor = Number(text);
  if (!(factor > 0 && factor <= 100)) throw invalid(thing, text, 'a number above 0, at most 100');
  return factor;
}
