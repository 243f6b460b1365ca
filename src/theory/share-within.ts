import { invalid, unknown } from '../errors.js';
import { inputNotations } from '../layers/inputs.js';
import { layerRules, type LayerProtocolLike } from '../layers/layer-rules.js';
import type { LayerProtocol } from '../layers/protocol.js';
import { logNormalBetween } from '../statistics/normal.js';

/** The spread of an activation's inputs between channels, and between samples within a channel. */
export interface Preactivations {
  /**
   * Standard deviation, over channels, of a channel's mean over its input distribution. The mean of these means is 0.
   */
  readonly between: number;
  /** Standard deviation within a channel. */
  readonly within: number;
  /** Correlation of a channel's mean with the sum of its weights: 1 without a bias. */
  readonly alignment?: number | undefined;
  /** The final factor of the channels: 1, or a number from [0, 1) for each channel. @default 'one' */
  readonly scale?: LayerProtocol['normalizationScale'] | undefined;
}

/**
 * Returns the spread of the activation's inputs in a pointwise convolution under a protocol. There are d_in inputs of
 * mean mu and variance v, weights of variance w and a bias of variance b, both with mean 0. A channel's mean is mu
 * sum(weights) + bias, with variance d_in w mu² + b; the variance within a channel is v sum(weights²), about d_in w v.
 * Batch statistics set `between` to 0 and `within` to 1. Division by the deviation alone sets `within` to 1. Running
 * statistics with the batch's share r multiply them by (1 - r) and 1, and divide both by sqrt(1 - r + r within²).
 *
 * @param given the protocol, resolved: see `resolveLayerProtocol`
 * @throws RangeError for a protocol that shifts normalized channels, inputs from a file, or an invalid notation
 */
export function preactivations(
  { dIn, dOut, kernel = 1 }: { readonly dIn: number; readonly dOut: number; readonly kernel?: number },
  given: LayerProtocolLike,
): Preactivations {
  const { protocol, weights, bias, shift, inputs, normalization } = layerRules(given);
  if (shift) throw invalid('normalizationShift', shift.text, 'none, which is what the theory knows');
  const scale = protocol.normalizationScale;
  if (normalization.name === 'batch') return { between: 0, within: 1, scale };
  if ('file' in inputs)
    throw unknown('inputs', inputs.text, [inputNotations.replace(', file:PATH (a .npy array)', '')]);
  const shape = { kernel, window: 1, inputs: dIn, outputs: dOut, depthwise: false };
  const spread = dIn * weights.variance(shape);
  const between = Math.sqrt(spread * inputs.mean() ** 2 + (bias?.variance(shape) ?? 0));
  const alignment = between > 0 ? (Math.sqrt(spread) * Math.abs(inputs.mean())) / between : 0;
  const within = Math.sqrt(spread * inputs.variance());
  if (normalization.name === 'deviation') return { between: between / within, within: 1, alignment, scale };
  const share = normalization.name === 'running' ? normalization.share : 0;
  const deviation = Math.sqrt(1 - share + share * within ** 2);
  return { between: ((1 - share) * between) / deviation, within: within / deviation, alignment, scale };
}

/**
 * Returns the expected share of channels whose N values all lie between two bounds. Channels within `(-Infinity, 0)`
 * never fire under ReLU, those within `(0, Infinity)` are never clipped by it, and those within `(-3, 3)` meet only the
 * parabola of hard swish.
 *
 * A channel's mean is normal over the channels, m ~ N(0, between²); given m, the N values are independent and
 * approximately normal, N(m, within²), as sums of d_in terms. So the share is the mean over m of P(low < m + within Z <
 * high)^N, one integral by Simpson's rule. Exact for normal weights, bias and inputs when d_in is large; docs/theory.md
 * gives its error for few inputs.
 *
 * @example
 * shareWithin([-Infinity, 0], preactivations({ dIn: 32, dOut: 64 }, protocol), 65); // never fires
 */
export function shareWithin(
  range: readonly [low: number, high: number],
  spread: Preactivations,
  samples: number,
): number {
  const [low, high] = range;
  const atEnds = [low, high].every((end) => end === 0 || !Number.isFinite(end));
  if (spread.scale !== 'uniform' || atEnds) return unscaled(range, spread, samples);
  // a channel times u lies in the range if the channel lies in the range divided by u
  let sum = 0;
  for (let i = 0; i < SCALES; i++) {
    const u = (i + 0.5) / SCALES;
    sum += unscaled([low / u, high / u], spread, samples);
  }
  return sum / SCALES;
}

/** Scales in (0, 1) over which a share is averaged, by the midpoint rule. */
const SCALES = 200;

function unscaled(
  [low, high]: readonly [number, number],
  { between, within }: Preactivations,
  samples: number,
): number {
  const given = (mean: number) =>
    Math.exp(samples * logNormalBetween((low - mean) / within, (high - mean) / within));
  if (between === 0) return given(0);
  // 9 standard deviations hold all but 1e-18; the step is a hundredth of the smaller spread
  const end = 9 * between;
  const steps = 2 * Math.ceil(Math.min(50_000, end / (0.02 * Math.min(between, within))));
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const mean = -end + (2 * end * i) / steps;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-0.5 * (mean / between) ** 2) * given(mean);
  }
  return (sum * ((2 * end) / steps)) / (3 * between * Math.sqrt(2 * Math.PI));
}
