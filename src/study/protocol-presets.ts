import { unknown } from '../errors.js';
import { resolveFields } from '../fields.js';
import { protocolFields, type Protocol } from './protocol.js';

/** A protocol under a name: values for some fields of it; the others are at their defaults. */
export interface ProtocolPreset {
  /** What it is, in a phrase. */
  readonly meaning: string;
  readonly fields: Partial<Protocol>;
}

/** The protocols that have a name. */
export const protocolPresets = {
  paper: {
    meaning: 'what comes closest to the published figure; each field says why',
    fields: {},
  },
  standard: {
    meaning: 'standard normal inputs, batch statistics, weights as networks are initialised',
    fields: { weights: 'kaiming-normal', bias: 'none', inputs: 'normal', normalization: 'batch' },
  },
} as const satisfies Record<string, ProtocolPreset>;

export type ProtocolPresetName = keyof typeof protocolPresets;
export const protocolPresetNames = Object.keys(protocolPresets) as readonly ProtocolPresetName[];

/** The protocol a study has where it names none. */
export const DEFAULT_PRESET: ProtocolPresetName = 'paper';

/** A protocol as a user writes it: a preset's name, or fields, in place of those of a preset if it names one. */
export type ProtocolInput =
  ProtocolPresetName | (Partial<Protocol> & { readonly preset?: ProtocolPresetName });

/**
 * Returns the protocol with every field, checked: the given ones, the others as in the preset it names.
 * @throws RangeError for an unknown preset, with the known ones; or for a field that is not allowed
 * @example
 * resolveProtocol({ preset: 'standard', samples: '2x' });
 */
export function resolveProtocol(given: ProtocolInput = {}): Protocol {
  const object: unknown = typeof given === 'string' ? { preset: given } : given;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new TypeError(
      `invalid protocol: expected ${protocolPresetNames.join(' or ')}, or an object of fields`,
    );
  }
  const { preset = DEFAULT_PRESET, ...fields } = object as Exclude<ProtocolInput, string>;
  if (!Object.hasOwn(protocolPresets, preset)) throw unknown('protocol', preset, protocolPresetNames);
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  return resolveFields('protocol', protocolFields, {
    ...protocolPresets[preset].fields,
    ...Object.fromEntries(named),
  });
}

/** Returns which preset a protocol is, field by field, or undefined if it is none. */
export function presetOf(protocol: Protocol): ProtocolPresetName | undefined {
  const fields = Object.keys(protocolFields) as (keyof Protocol)[];
  return protocolPresetNames.find((name) => {
    const preset = resolveProtocol(name);
    return fields.every((field) => JSON.stringify(preset[field]) === JSON.stringify(protocol[field]));
  });
}
