import { isFloat } from '../dtypes.js';
import type { NamedTensor } from '../model-file.js';

/** Returns the reason why a tensor has no matrix of weights; undefined if it may have one. */
export function whyNoLayer({
  name,
  shape,
  dtype,
  quantisation,
  layout,
  noLayer,
}: NamedTensor): string | undefined {
  const packing = packings.find(([pattern]) => pattern.test(name));
  if (!isFloat(dtype) && !quantisation) {
    if (packing) return packing[1];
    if (shape.length < 2 || shape.every((n) => n <= 1)) return `${dtype}: an index, a count or a shape`;
    return /^u?int8$/.test(dtype)
      ? `${dtype} without a scale: the spectrum of packed or quantised integers would be wrong`
      : `${dtype}: integers that are not weights`;
  }
  if (packing && /scale|absmax|quant_map|SCB|centroids|codebook/i.test(name)) return packing[1];
  if (shape.includes(0)) return 'no numbers';
  if (noLayer !== undefined) return noLayer;
  if (layout) return undefined;
  if (/(^|[._/])bias(:0)?$/.test(name)) return 'a bias';
  const long = shape.filter((n) => n > 1).length;
  if (long > 1 || (shape.length > 1 && /(weight|kernel)$/.test(name))) return undefined;
  if (shape.length === 0 || long === 0) return 'a single number';
  return roles.find(([pattern]) => pattern.test(name))?.[1] ?? 'a vector: no matrix';
}

const packings: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /\.(qweight|qzeros|g_idx|scales)$/,
    'packed by GPTQ or AWQ: several weights in an integer; use the model it was made from',
  ],
  [/(^|[^t])_(blocks|scales)$/, 'packed as MXFP4: two weights in a byte; use the model it was made from'],
  [
    /weight_(packed|shape|scale_2|zero_point)$/,
    'packed integers of compressed-tensors; use the model it was made from',
  ],
  [
    /\.((res_)?centroids\.weight|codebooks?)$/,
    'the code book of packed integers; use the model it was made from',
  ],
  [
    /(\.SCB|\.absmax|\.quant_map|\.nested_absmax|\.nested_quant_map|quant_state[.\w]*)$/,
    'packed by bitsandbytes; use the model it was made from',
  ],
];

const roles: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/(running_mean|moving_mean|running_var|moving_variance)$/, 'a statistic of a normalization'],
  [/(bias|beta)\d*(:0)?$|\.b$|bias_[a-z_]*\d*$/, 'a bias: one number per channel'],
  [/(gamma|norm\w*[./]weight|bn\d*[./]weight|ln_\w+[./]weight|scale)(:0)?$/, 'a scale of a normalization'],
];
