import { networkCosts, networkFromJson, type Network } from 'rankscope/networks';

/** One network of the factor analysis: two inverted bottlenecks, and what tells them from the row above. */
export interface Factor {
  readonly name: string;
  /** The words of the figures. @default its name */
  readonly label?: string | undefined;
  /** Input channels / output channels of each bottleneck. */
  readonly ratio: number;
  /** Hidden channels / input channels: 1 / the ratio of the first 1x1 convolution. */
  readonly expansion: number;
  /** The first activation of each bottleneck. */
  readonly activation: 'relu6' | 'silu';
}

/** The rows of Table 2, each with one more factor than the one above. */
export const factors: readonly Factor[] = [
  { name: 'baseline', ratio: 0.22, expansion: 20, activation: 'relu6' },
  { name: 'expansion 6', ratio: 0.22, expansion: 6, activation: 'relu6' },
  { name: 'blocks 0.8', label: 'block ratio 0.8', ratio: 0.8, expansion: 6, activation: 'relu6' },
  { name: 'SiLU', ratio: 0.8, expansion: 6, activation: 'silu' },
];

/** How far MACs may be from the budget, and each ratio from the one that is asked for. */
const WITHIN = 0.01;
const NEAR = 0.02;

/**
 * Returns the network of a factor that meets a budget of MACs within 1%. What the paper does not print is that of its other
 * CIFAR networks: a 3x3 stem, stride 2 in the second and the last third of the blocks, a 1x1 convolution of 320 channels.
 * The stem's channels follow from the budget.
 */
export function factorNetwork(
  { name, ratio, expansion, activation }: Factor,
  macs: number,
  { resolution, classes }: { readonly resolution: number; readonly classes: number },
): Network {
  const build = (stem: number, channels: readonly number[]) =>
    networkFromJson({
      ...{ name, resolution, inputChannels: 3 },
      stem: { channels: stem, kernel: 3, stride: 1, activation: 'relu6' },
      blocks: channels.map((out) => ({
        ...{ kind: 'inverted-depthwise', channels: out, expansion, kernel: 3, stride: 2, shortcut: 'none' },
        activations: { expand: activation, spatial: 'relu6', project: 'linear' },
      })),
      head: { convolution: { channels: 320, activation: 'relu6' }, hidden: null, classes },
    });
  let best: { network: Network; miss: number } | undefined;
  for (let stem = 4; stem <= 512; stem++) {
    const near = [stem / ratio, stem / ratio ** 2].map(Math.round);
    if (Math.abs(networkCosts(build(stem, near)).macs / macs - 1) > 5 * NEAR) continue;
    for (const first of around(stem / ratio))
      for (const second of around(first / ratio)) {
        const off = [stem / first, first / second].map((own) => Math.abs(own / ratio - 1));
        const miss = Math.max(...off);
        if (miss > NEAR || miss >= (best?.miss ?? Infinity)) continue;
        const network = build(stem, [first, second]);
        if (Math.abs(networkCosts(network).macs / macs - 1) <= WITHIN) best = { network, miss };
      }
  }
  if (!best) throw new RangeError(`invalid macs: ${macs} (allowed: a budget that "${name}" meets within 1%)`);
  return best.network;
}

/** Returns the whole numbers within 2% of a number. */
function around(value: number): number[] {
  const [from, to] = [Math.ceil(value * (1 - NEAR)), Math.floor(value * (1 + NEAR))];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
