import type { Notation } from '../fields.js';
import type { ChannelNormalization } from '../layers/read-normalization.js';
import { formatTolerance } from '../plots/parts/format-tolerance.js';
import type { Tolerance } from '../rank/tolerance.js';
import type { Protocol } from '../study/protocol.js';
import type { StudyRules } from '../study/study-rules.js';

/** Formats each choice of a study's protocol as a phrase. A rule without a phrase stays in its notation. */
export const protocolPhrases = {
  weights: ({ layer }) => `weights ${formatDistribution(layer.weights)}`,
  bias: ({ layer }) => (layer.bias ? `bias ${formatDistribution(layer.bias)}` : 'no bias'),
  inputs: ({ layer }) => `inputs ${formatInputs(layer.inputs)}`,
  normalization: ({ layer }) => formatNormalization(layer.normalization),
  normalizationScale: ({ layer }) =>
    layer.protocol.normalizationScale === 'one' ? 'scale 1' : 'scale of each channel uniform from 0 to 1',
  normalizationShift: ({ layer }) =>
    layer.shift ? `shift of each channel ${formatDistribution(layer.shift)}` : 'shift 0',
  spatial: ({ layer: { protocol } }) =>
    `${protocol.spatial} × ${protocol.spatial} ${protocol.spatial === 1 ? 'pixel' : 'pixels'}`,
  padding: ({ layer }) => (layer.protocol.padding === 'same' ? 'zero padding' : 'no padding'),
  samples: ({ layer }) =>
    `N = ${layer.protocol.samples.replace(/^([\d.]+)x$/, '$1 d_out').replace('+', ' + ')}`,
  channels: ({ layer }) => formatRange('d_out', layer.channels, layer.protocol.channelDistribution),
  expansion: ({ layer }) => formatRange('expansion', layer.expansion, 'uniform'),
  shortcut: ({ layer }) =>
    layer.protocol.shortcut ? 'shortcut onto the first d_in channels' : 'no shortcut',
  center: ({ study }) =>
    study.protocol.center ? 'features less the mean of their channel' : 'features not centred',
  tolerances: ({ tolerances }) => `tolerance ${tolerances.map(formatThreshold).join(', ')}`,
} satisfies Readonly<Record<Exclude<keyof Protocol, 'channelDistribution'>, (rules: StudyRules) => string>>;

/** Of weights and biases. */
function formatDistribution({ text, name, argument }: Notation): string {
  const scale = (argument ?? '1').replace('/', '/√');
  switch (name) {
    case 'normal':
      return `normal with standard deviation ${scale}`;
    case 'uniform':
      return `uniform within ±${scale}`;
    case 'pytorch':
      return 'uniform within ±1/√fan-in';
    case 'kaiming-normal':
    case 'kaiming-uniform':
      return `${name.replace('kaiming-', 'Kaiming ')} by ${argument ?? 'fan-in'}`;
    case 'xavier-normal':
    case 'xavier-uniform':
      return name.replace('xavier-', 'Xavier ');
    default:
      return text;
  }
}

function formatInputs({ text, name, argument = '1' }: Notation): string {
  switch (name) {
    case 'normal':
      return `normal with standard deviation ${argument}`;
    case 'half-normal':
      return `the absolute values of normal ones with standard deviation ${argument}`;
    case 'uniform':
      return `uniform from 0 to ${argument}`;
    case 'file':
      return `from ${argument}`;
    default:
      return text;
  }
}

function formatNormalization(normalization: ChannelNormalization): string {
  switch (normalization.name) {
    case 'none':
      return 'no normalization';
    case 'inference':
      return 'normalization with mean 0 and variance 1';
    case 'batch':
      return 'batch normalization';
    case 'deviation':
      return 'normalization by the batch’s standard deviation, not centred';
    case 'running':
      return `normalization by running statistics that have the batch with weight ${normalization.share}`;
  }
}

/** Returns `d_out uniform from 64 to 512`; a single number stays alone. */
function formatRange(what: string, [low, high]: readonly [number, number], distribution: string): string {
  return low === high ? `${what} ${low}` : `${what} ${distribution} from ${low} to ${high}`;
}

function formatThreshold(tolerance: Tolerance): string {
  const words = formatTolerance(tolerance);
  return tolerance.name === 'relative' ? `${words} σ₁` : words;
}
