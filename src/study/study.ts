import { invalid, unknown } from '../errors.js';
import { lastOf } from '../lookups.js';
import {
  readBoolean,
  readList,
  readNumber,
  resolveFields,
  type Field,
  type Fields,
  type Given,
} from '../fields.js';
import { activationNames, paperActivations } from '../activations/definitions.js';
import {
  blockNames,
  blocks,
  paperBlocks,
  tapNames,
  tapsOf,
  type BlockName,
  type Tap,
} from '../layers/blocks.js';
import { layerRules } from '../layers/layer-rules.js';
import { checkLargestLayer, outputSide } from '../layers/layer.js';
import { protocolNames, resolveProtocol, type ProtocolInput } from './protocol-presets.js';
import type { Protocol } from './protocol.js';

/** A study: a protocol, a grid of points and a number of layers. Pure data; its JSON is a study file. */
export interface Study {
  readonly blocks: readonly BlockName[];
  /** Names of built-in activations, or of the user's own. */
  readonly activations: readonly string[];
  /** Dimension ratios d_in / d_out, each in (0, 1]. */
  readonly ratios: readonly number[];
  /** Layers drawn for each block and ratio; every activation is measured on the same ones. */
  readonly layers: number;
  /** Where features are taken; a tap that a block does not have is left out for that block. */
  readonly taps: readonly Tap[];
  readonly seed: number;
  /** Whether each layer's spectrum is kept, so that ranks can be counted at other tolerances later. */
  readonly spectra: boolean;
  /** Whether each layer's effective rank and other metrics are recorded besides its ranks. */
  readonly metrics: boolean;
  readonly protocol: Protocol;
}

/** A study as a user writes it: every field optional. */
export type StudyInput = Given<Omit<Study, 'protocol'>> & { readonly protocol?: ProtocolInput | undefined };

export const studyFields: Fields<Omit<Study, 'protocol'>> = {
  blocks: {
    meaning: 'blocks',
    default: paperBlocks,
    why: 'the four panels of the published figure',
    allowed: blockNames.join(', '),
    read: namesOf('block', blockNames),
  },
  activations: {
    meaning: 'activations',
    default: paperActivations,
    why: 'the eight of the published figure',
    allowed: activationNames.join(', '),
    read: readList((value) => (typeof value === 'string' && value !== '' ? value : undefined)),
  },
  ratios: {
    meaning: 'dimension ratios d_in / d_out',
    default: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    why: 'the ten of the published figure',
    allowed: 'numbers in (0, 1], as a list or as FROM:TO:STEP',
    read: (value) => readRatios(value),
  },
  layers: {
    meaning: 'layers per block and ratio',
    default: 16,
    why: 'draws the published figure in about 40 seconds on two cores; the paper has 1000',
    allowed: 'a whole number >= 1',
    read: readNumber((count) => Number.isSafeInteger(count) && count >= 1),
  },
  taps: {
    meaning: 'where features are taken in an inverted bottleneck',
    default: ['output'],
    why: 'the input of the next layer',
    allowed: tapNames.join(', '),
    read: namesOf('tap', tapNames),
  },
  seed: {
    meaning: 'seed of all random streams',
    default: 0,
    why: 'any seed will do; the same seed gives the same rows',
    allowed: 'a whole number from 0 to 2^53 - 1',
    read: readNumber((seed) => Number.isSafeInteger(seed) && seed >= 0),
  },
  spectra: {
    meaning: 'keep the spectrum of every layer',
    default: false,
    why: '8 bytes per singular value: 1,000 layers per point of the published figure are some gigabytes',
    allowed: 'true, false',
    read: readBoolean,
  },
  metrics: {
    meaning: 'record effective rank, condition number and the other metrics of every layer',
    default: true,
    why: 'they need no tolerance; ranks alone take about two thirds of the time of a spectrum',
    allowed: 'true, false',
    read: readBoolean,
  },
};

const protocolField: Field<Protocol> = {
  meaning: 'the protocol',
  default: resolveProtocol(),
  why: 'the protocol that was fitted to the published figure',
  allowed: `${protocolNames.join(', ')}, or an object`,
  read: (given) => resolveProtocol(given as ProtocolInput),
};

/**
 * Returns the complete study: given fields checked, missing ones at their defaults.
 *
 * @param extraActivations names of the user's own activations, allowed besides the built-in ones
 * @param drawn whether its layers are to be drawn, and so have to fit in memory
 * @throws RangeError that names the key, its value and what is allowed
 * @example
 * resolveStudy({ blocks: ['pointwise'], layers: 100, protocol: { preset: 'standard', channels: '16:64' } });
 */
export function resolveStudy(
  given: StudyInput = {},
  extraActivations: readonly string[] = [],
  drawn = true,
): Study {
  const study = resolveFields<Study>('study', { ...studyFields, protocol: protocolField }, given);
  const allowed = [...activationNames, ...extraActivations];
  for (const name of study.activations)
    if (!allowed.includes(name)) throw unknown('activation', name, allowed);
  const rules = layerRules(study.protocol);
  for (const name of study.blocks) {
    outputSide(blocks[name].convolutions, study.protocol);
    if (tapsAt(study, name).length === 0) {
      throw invalid('taps', study.taps, `${tapsOf(blocks[name]).join(', ')} for ${name}`);
    }
    if (drawn) checkLargestLayer({ block: name, dimensionRatio: lastOf(study.ratios) }, rules);
  }
  return study;
}

/** Returns the study's taps that a block has, in forward order. */
export function tapsAt(study: Pick<Study, 'taps'>, block: BlockName): readonly Tap[] {
  return tapsOf(blocks[block]).filter((tap) => study.taps.includes(tap));
}

/** Returns the number of layers of the study: one per block, ratio, number and activation. */
export function layerCount({ blocks, activations, ratios, layers }: Study): number {
  return blocks.length * activations.length * ratios.length * layers;
}

/**
 * Returns the dimension ratios of a list or of `FROM:TO:STEP` (both ends included), or undefined if invalid. Ratios
 * must lie in (0, 1]. They are rounded to 12 digits, so that 0.1:1:0.1 has 0.3 and not 0.30000000000000004.
 */
export function readRatios(value: unknown): number[] | undefined {
  const list = Array.isArray(value) ? value : typeof value === 'number' ? [value] : splitRatios(value);
  const ratios = list?.map((ratio) => Number(numberOf(ratio).toPrecision(12)));
  const valid = ratios?.every((ratio) => ratio > 0 && ratio <= 1) && ratios.length > 0;
  return valid ? [...new Set(ratios)].sort((a, b) => a - b) : undefined;
}

/** Returns NaN for a list or an object, which `Number` would turn into text. */
function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
}

function splitRatios(value: unknown): unknown[] | undefined {
  if (typeof value !== 'string') return undefined;
  if (!value.includes(':')) return value.split(',').map((text) => (text.trim() === '' ? NaN : text));
  const [from = NaN, to = NaN, step = NaN, ...rest] = value
    .split(':')
    .map((text) => (text === '' ? NaN : Number(text)));
  if (!(step > 0 && from <= to) || rest.length > 0 || (to - from) / step > 1e4) return undefined;
  return Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, i) => from + i * step);
}

/** Returns a reader of a list of names from a closed set. It throws for another name, so that the message shows it. */
function namesOf<V extends string>(thing: string, names: readonly V[]): Field<readonly V[]>['read'] {
  return readList((value) => {
    const name = names.find((known) => known === value);
    if (name === undefined) throw unknown(thing, value, names);
    return name;
  });
}
