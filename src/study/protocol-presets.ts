import { unknown } from '../errors.js';
import { resolveFields, type Given } from '../fields.js';
import { protocolFields, type Protocol } from './protocol.js';

/** A protocol under a name: values for some fields of it; the others are at their defaults. */
export interface ProtocolPreset {
  /** The preset's meaning, in a phrase. */
  readonly meaning: string;
  readonly fields: Partial<Protocol>;
  /** The reason for each of its fields; `protocolFields` has the reasons for the defaults. */
  readonly why: { readonly [K in keyof Protocol]?: string | undefined };
}

/** The protocols that have a name. */
export const protocolPresets = {
  fitted: {
    meaning: "fitted to the paper's figure",
    fields: {},
    why: {},
  },
  standard: {
    meaning: 'as layers begin training',
    fields: {
      weights: 'kaiming-normal',
      bias: 'none',
      inputs: 'normal',
      normalization: 'batch',
      normalizationScale: 'one',
      normalizationShift: 'none',
      samples: '4x',
      channels: '64:256',
      expansion: 6,
    },
    why: {
      weights: 'how convolutions before a rectifier are initialised; batch statistics undo any other scale',
      bias: 'a convolution before a batch normalization has none, since its mean would cancel it',
      inputs: 'the output of the normalization before a block: mean 0, variance 1',
      normalization: "a network in training normalizes by the batch's own statistics",
      normalizationScale:
        'every batch normalization begins with scale 1 (PyTorch since 1.2, TensorFlow, Keras)',
      normalizationShift: 'every batch normalization begins with shift 0',
      samples: 'a batch has many more positions than a layer has channels; beyond 4 d_out ratios hardly move',
      channels: 'the widths of blocks in networks for phones',
      expansion: 'MobileNetV2, MnasNet, EfficientNet and ReXNet expand by 6',
    },
  },
} as const satisfies Record<string, ProtocolPreset>;

export type ProtocolPresetName = keyof typeof protocolPresets;
export const protocolPresetNames = Object.keys(protocolPresets) as readonly ProtocolPresetName[];

/** Other names of presets. The paper does not print its protocol, so `paper` is the one fitted to its figure. */
export const presetAliases = { paper: 'fitted' } as const satisfies Record<string, ProtocolPresetName>;

/** All names of protocols. */
export type ProtocolName = ProtocolPresetName | keyof typeof presetAliases;
export const protocolNames = [
  ...protocolPresetNames,
  ...Object.keys(presetAliases),
] as readonly ProtocolName[];

/** Returns the names of all protocols with their meanings, in a sentence. */
export function describeProtocols(): string {
  const presets = Object.entries(protocolPresets).map(([name, { meaning }]) => `${name} (${meaning})`);
  const aliases = Object.entries(presetAliases).map(
    ([name, preset]) => `${name} (another name for ${preset})`,
  );
  const all = [...presets, ...aliases];
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

/** The default protocol of a study. */
export const DEFAULT_PRESET: ProtocolPresetName = 'fitted';

/** A protocol as a user writes it: a preset's name, or fields that override those of a preset. */
export type ProtocolInput = ProtocolName | (Given<Protocol> & { readonly preset?: ProtocolName | undefined });

/**
 * Returns the protocol with every field, checked. Missing fields are those of the preset it names.
 * @throws RangeError for an unknown preset, with the known ones; or for a field that is not allowed
 * @example
 * resolveProtocol({ preset: 'standard', samples: '2x' });
 */
export function resolveProtocol(given: ProtocolInput = {}): Protocol {
  const object: unknown = typeof given === 'string' ? { preset: given } : given;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new TypeError(`invalid protocol: expected ${protocolNames.join(', ')}, or an object of fields`);
  }
  const { preset = DEFAULT_PRESET, ...fields } = object as Exclude<ProtocolInput, string>;
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  return resolveFields('protocol', protocolFields, {
    ...protocolPresets[presetNamed(preset)].fields,
    ...Object.fromEntries(named),
  });
}

function presetNamed(name: ProtocolName): ProtocolPresetName {
  if (!protocolNames.includes(name)) throw unknown('protocol', name, protocolNames);
  const alias = Object.entries(presetAliases).find(([known]) => known === name);
  return alias ? alias[1] : (name as ProtocolPresetName);
}

/** Returns the name of the preset that equals a protocol field by field, or undefined. */
export function presetOf(protocol: Protocol): ProtocolPresetName | undefined {
  const fields = Object.keys(protocolFields) as (keyof Protocol)[];
  return protocolPresetNames.find((name) => {
    const preset = resolveProtocol(name);
    return fields.every((field) => JSON.stringify(preset[field]) === JSON.stringify(protocol[field]));
  });
}
