import { splitNotation } from '../fields.js';
import type { Protocol } from '../study/protocol.js';
import { parseTolerance } from '../rank/tolerance.js';
import { formatTolerance } from '../plots/parts/format-tolerance.js';

/** Formats each choice of a protocol as a phrase. An unknown rule stays in its notation. */
export const protocolPhrases = {
  weights: ({ weights }) => `weights ${formatDistribution(weights)}`,
  bias: ({ bias }) => (bias === 'none' ? 'no bias' : `bias ${formatDistribution(bias)}`),
  inputs: ({ inputs }) => `inputs ${formatInputs(inputs)}`,
  normalization: ({ normalization }) => formatNormalization(normalization),
  normalizationScale: ({ normalizationScale }) =>
    normalizationScale === 'one' ? 'scale 1' : 'scale of each channel uniform from 0 to 1',
  normalizationShift: ({ normalizationShift }) =>
    normalizationShift === 'none'
      ? 'shift 0'
      : `shift of each channel ${formatDistribution(normalizationShift)}`,
  spatial: ({ spatial }) => `${spatial} × ${spatial} ${spatial === 1 ? 'pixel' : 'pixels'}`,
  padding: ({ padding }) => (padding === 'same' ? 'zero padding' : 'no padding'),
  samples: ({ samples }) => `N = ${samples.replace(/^([\d.]+)x$/, '$1 d_out').replace('+', ' + ')}`,
  channels: ({ channels, channelDistribution }) => formatRange('d_out', channels, channelDistribution),
  expansion: ({ expansion }) => formatRange('expansion', String(expansion), 'uniform'),
  shortcut: ({ shortcut }) => (shortcut ? 'shortcut onto the first d_in channels' : 'no shortcut'),
  center: ({ center }) => (center ? 'features less the mean of their channel' : 'features not centred'),
  tolerances: ({ tolerances }) => `tolerance ${tolerances.map(formatThreshold).join(', ')}`,
} satisfies Readonly<Record<Exclude<keyof Protocol, 'channelDistribution'>, (protocol: Protocol) => string>>;

/** Of weights and biases. */
function formatDistribution(notation: string): string {
  const { name, argument } = splitNotation(notation);
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
      return notation;
  }
}

function formatInputs(notation: string): string {
  const { name, argument = '1' } = splitNotation(notation);
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
      return notation;
  }
}

function formatNormalization(normalization: Protocol['normalization']): string {
  const { name, argument } = splitNotation(normalization);
  switch (name) {
    case 'none':
      return 'no normalization';
    case 'inference':
      return 'normalization with mean 0 and variance 1';
    case 'batch':
      return 'batch normalization';
    case 'deviation':
      return 'normalization by the batch’s standard deviation, not centred';
    default:
      return `normalization by running statistics that have the batch with weight ${argument ?? ''}`;
  }
}

/** Returns `d_out uniform from 64 to 512`; a single number stays alone. */
function formatRange(what: string, range: string, distribution: string): string {
  const [low, high = low] = range.split(':');
  return low === high ? `${what} ${low}` : `${what} ${distribution} from ${low} to ${high}`;
}

function formatThreshold(tolerance: string): string {
  const words = formatTolerance(tolerance);
  return parseTolerance(tolerance).name === 'relative' ? `${words} σ₁` : words;
}
