import { readBoolean, readList, type Fields } from '../fields.js';
import { layerProtocolFields, type LayerProtocol } from '../layers/protocol.js';
import { formatTolerance, parseTolerance, toleranceForms } from '../rank/tolerance.js';

/** All choices that decide a rank: the definition of a layer, and the singular values that count as zero. */
export interface Protocol extends LayerProtocol {
  /** Whether each channel of the features is taken less its mean over the N columns, before the spectrum. */
  readonly center: boolean;
  /** The tolerances at which each spectrum's rank is counted, all from the same spectrum. */
  readonly tolerances: readonly string[];
}

export const protocolFields: Fields<Protocol> = {
  ...layerProtocolFields,
  center: {
    meaning: 'subtract the mean of each channel from the features',
    default: false,
    why: 'the next layer gets the mean too, which makes the largest singular value of positive features',
    allowed: 'true, false',
    read: readBoolean,
  },
  tolerances: {
    meaning: 'tolerances of the rank',
    default: ['numpy'],
    why: "the rule of numpy's matrix_rank, and most likely of the paper",
    allowed: toleranceForms.join(', '),
    read: (value) => readList(readTolerance)(typeof value === 'string' ? [value] : value),
  },
};

function readTolerance(value: unknown): string | undefined {
  return typeof value === 'string' ? formatTolerance(parseTolerance(value)) : undefined;
}
