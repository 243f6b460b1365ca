import { blockNames, blocks } from '../../layers/blocks.js';

/** The words readers see for the words the library uses. */

const TAPS: Readonly<Record<string, string>> = {
  expand: 'after the expansion',
  spatial: 'after the spatial convolution',
  project: 'after the projection',
  output: 'output',
};

export const DIMENSION_RATIO_TITLE = 'Dimension ratio (input / output channels)';
export const RANK_RATIO_TITLE = 'Rank ratio (rank / output channels)';

/** Returns the reader's name of a block; an unknown block keeps its own. */
export function formatBlock(block: string): string {
  return Object.hasOwn(blocks, block) ? blocks[block as keyof typeof blocks].label : block;
}

/** Returns where in the block the features were taken, in words. */
export function formatTap(tap: string): string {
  return Object.hasOwn(TAPS, tap) ? TAPS[tap]! : tap;
}

/** Returns the blocks in the order figures show them: the known ones first, then others as they came. */
export function orderBlocks(given: Iterable<string>): string[] {
  return inOrder(given, blockNames);
}

/** Returns the taps in the order the features pass them. */
export function orderTaps(taps: Iterable<string>): string[] {
  return inOrder(taps, Object.keys(TAPS));
}

/** Returns `1 layer`, `1,000 layers`, `998 to 1,000 layers`. */
export function formatLayerCount(counts: Iterable<number>): string {
  let low = Infinity;
  let high = -Infinity;
  for (const count of counts) {
    low = Math.min(low, count);
    high = Math.max(high, count);
  }
  const words = (count: number): string => count.toLocaleString('en-US');
  if (low > high) return 'no layers';
  if (low === high) return low === 1 ? '1 layer' : `${words(low)} layers`;
  return `${words(low)} to ${words(high)} layers`;
}

function inOrder(given: Iterable<string>, order: readonly string[]): string[] {
  const all = new Set(given);
  return [...order.filter((item) => all.has(item)), ...[...all].filter((item) => !order.includes(item))];
}
