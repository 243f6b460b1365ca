import { invalid } from '../errors.js';
import { checkChannelList } from '../networks/cifar.js';
import { networkFromJson } from '../networks/network-json.js';
import type { Network, NetworkBlock, Shortcut } from '../networks/network.js';

/** The pattern of a design: a network that is stretched, or a function from channels to a network. */
export type NetworkPattern = Network | ((channels: readonly number[]) => Network);

/**
 * Returns the function that builds a network of `blocks` blocks, like the pattern but with other channels.
 *
 * Stem, head, resolution and classes are the pattern's. Its blocks form groups: a group begins where the stride is not
 * 1 or the kind of block changes (kind, expansion, kernel, activations, squeeze-excitation). Each group keeps its share
 * of the blocks, rounded by largest remainders, but at least one block. So ReXNet x1.0 stretched to 32 blocks has the
 * blocks of the authors' depth 2. If the pattern has shortcuts, every block of stride 1 has one, which is `partial`
 * where channels grow.
 *
 * @throws RangeError if there are fewer blocks than groups, or if the pattern is not a network
 * @example
 * networkLike(rexNet(), 16)([16, 27, 38, 50, 61, 72, 84, 95, 106, 117, 128, 140, 151, 162, 174, 185]);
 */
export function networkLike(
  pattern: NetworkPattern,
  blocks: number,
): (channels: readonly number[]) => Network {
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > 1000) {
    throw invalid('blocks', blocks, 'an integer from 1 to 1000');
  }
  checkPattern(pattern);
  if (typeof pattern === 'function') return pattern;
  const stretched = stretchedBlocks(pattern, blocks);
  const kinds = new Set(pattern.blocks.map(({ shortcut }) => shortcut));
  const shortcut = (channelsIn: number, out: number): Shortcut => {
    if (channelsIn > out || (!kinds.has('full') && !kinds.has('partial'))) return 'none';
    return channelsIn === out && !kinds.has('partial') ? 'full' : 'partial';
  };
  return (channels) => {
    checkChannelList(channels);
    if (channels.length !== blocks) throw invalid('channels', channels.join('-'), `${blocks}, one per block`);
    return {
      ...pattern,
      name: `like ${pattern.name}: ${channels.join('-')}`,
      blocks: stretched.map((block, i): NetworkBlock => {
        const out = channels[i]!;
        const channelsIn = channels[i - 1] ?? pattern.stem.channels;
        return {
          ...block,
          channels: out,
          shortcut: block.stride === 1 ? shortcut(channelsIn, out) : 'none',
        };
      }),
    };
  };
}

/** @throws RangeError if the pattern is neither a function nor a network */
export function checkPattern(pattern: NetworkPattern): void {
  if (typeof pattern !== 'function') networkFromJson(pattern);
}

/** Returns the lengths of a network's stages. A stage begins at each block whose stride is not 1. */
export function stageLengths({ blocks }: Network): number[] {
  return lengths(blocks, (block) => block.stride !== 1);
}

function stretchedBlocks({ name, blocks }: Network, count: number): NetworkBlock[] {
  const groups = lengths(
    blocks,
    (block, before) => block.stride !== 1 || settings(block) !== settings(before),
  );
  if (count < groups.length) {
    throw invalid('blocks', count, `at least ${groups.length}, one for each kind of block of ${name}`);
  }
  const ends = groups.map((_, i) => groups.slice(0, i + 1).reduce((sum, length) => sum + length));
  return apportion(groups, count).flatMap((length, group) => {
    const first = blocks[ends[group]! - groups[group]!]!;
    // the first block of a group has the stride; the others repeat its other settings
    return Array.from({ length }, (_, i) => (i === 0 ? first : { ...first, stride: 1 }));
  });
}

/** Returns all settings of a block except its channels, stride and shortcut, for comparison. */
function settings({ kind, expansion, kernel, activations, squeezeExcitation }: NetworkBlock): string {
  return JSON.stringify([kind, expansion, kernel, activations, squeezeExcitation]);
}

function lengths(
  blocks: readonly NetworkBlock[],
  begins: (block: NetworkBlock, before: NetworkBlock) => boolean,
): number[] {
  const found: number[] = [];
  for (const [i, block] of blocks.entries()) {
    if (i === 0 || begins(block, blocks[i - 1]!)) found.push(0);
    found[found.length - 1]!++;
  }
  return found;
}

/** Returns whole numbers of at least 1 with the given sum, in proportion to the weights (largest remainders). */
function apportion(weights: readonly number[], sum: number): number[] {
  const whole = weights.reduce((total, weight) => total + weight);
  const quotas = weights.map((weight) => (weight * sum) / whole);
  const counts = quotas.map((quota) => Math.max(1, Math.floor(quota)));
  // A small group raised to one block may leave too few for the others; then the group with the largest surplus loses
  // one.
  for (let left = sum - counts.reduce((total, count) => total + count); left !== 0; left -= Math.sign(left)) {
    const remainders = quotas.map((quota, i) => quota - counts[i]!);
    const open = remainders.map((rest, i) =>
      left > 0 || counts[i]! > 1 ? rest * Math.sign(left) : -Infinity,
    );
    counts[open.indexOf(Math.max(...open))]! += Math.sign(left);
  }
  return counts;
}
