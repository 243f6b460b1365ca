import { invalid } from '../errors.js';
import { readBias, readShift, readWeights, type Initialiser } from './initialisation.js';
import { readInputs, type Inputs } from './inputs.js';
import {
  expansionRange,
  layerProtocolFields,
  readChannels,
  readSamples,
  type LayerProtocol,
} from './protocol.js';
import { readNormalization, type ChannelNormalization } from './read-normalization.js';

/** A protocol with each of its notations parsed, once for all layers drawn by it. */
export interface LayerRules {
  /** The protocol as text. */
  readonly protocol: LayerProtocol;
  readonly weights: Initialiser;
  /** Null where there is none. */
  readonly bias: Initialiser | null;
  readonly shift: Initialiser | null;
  readonly inputs: Inputs;
  readonly normalization: ChannelNormalization;
  /** Returns N, the columns of the features, for d_out. */
  readonly samples: (dOut: number) => number;
  /** Both ends of the range of d_out. */
  readonly channels: readonly [min: number, max: number];
  /** The ends between which the expansion ratio is drawn; equal where it is fixed. */
  readonly expansion: readonly [min: number, max: number];
}

/** A protocol, as text or parsed. */
export type LayerProtocolLike = LayerProtocol | LayerRules;

/**
 * Returns the rules of a resolved protocol; given rules are returned unchanged.
 * @throws RangeError for a notation that is not allowed
 */
export function layerRules(given: LayerProtocolLike): LayerRules {
  if ('protocol' in given) return given;
  const protocol = given;
  const parsed = <K extends keyof LayerProtocol, V>(
    key: K,
    read: (value: LayerProtocol[K]) => V | undefined,
  ) => {
    const value = read(protocol[key]);
    if (value === undefined) throw invalid(key, protocol[key], layerProtocolFields[key].allowed);
    return value;
  };
  return {
    protocol,
    weights: parsed('weights', readWeights),
    bias: parsed('bias', readBias),
    shift: parsed('normalizationShift', readShift),
    inputs: parsed('inputs', readInputs),
    normalization: parsed('normalization', readNormalization),
    samples: parsed('samples', readSamples),
    channels: parsed('channels', readChannels),
    expansion: parsed('expansion', expansionRange),
  };
}
