import { invalid, missing } from '../errors.js';

/** A channel configuration and how good a network with it is: higher is better. */
export interface ScoredConfiguration {
  readonly channels: readonly number[];
  readonly score: number;
}

/** Configurations of the same depth, summed up block by block. */
export interface ChannelGroup {
  readonly label: string;
  /** How many configurations. */
  readonly count: number;
  /** Mean score; null where none was given. */
  readonly score: number | null;
  /** Mean output channels of each block. */
  readonly channels: readonly number[];
  /** Mean minus and plus one standard deviation; those of a single configuration are its channels. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/**
 * Returns the best, the middle and the worst tenth of the configurations by their scores. The middle one is from 50% to
 * 60%; these are the groups of Figure 2 and Table 3 of Han et al., CVPR 2021. Each has at least one configuration.
 *
 * @throws RangeError for fewer than three configurations, or configurations of different depths
 */
export function channelGroups(configurations: readonly ScoredConfiguration[]): ChannelGroup[] {
  const { length } = configurations;
  if (length < 3) throw missing('configurations', length, 'at least 3, to have a best, a middle and a worst');
  const wrong = configurations.find(({ score }) => !Number.isFinite(score));
  if (wrong) throw invalid('score', wrong.score, 'a number for every configuration');
  const sorted = configurations.toSorted((a, b) => b.score - a.score);
  const tenth = Math.max(1, Math.round(length / 10));
  const middle = Math.floor(length / 2);
  const part = (label: string, from: number, to: number) => {
    const chosen = sorted.slice(from, to);
    const score = chosen.reduce((sum, one) => sum + one.score, 0) / chosen.length;
    return {
      ...channelGroup(
        label,
        chosen.map(({ channels }) => channels),
      ),
      score,
    };
  };
  return [
    part('top 10%', 0, tenth),
    part('middle 10%', middle, Math.min(middle + tenth, length - tenth)),
    part('bottom 10%', length - tenth, length),
  ];
}

/**
 * Returns mean and band (one standard deviation, n - 1 in the denominator) of configurations, block by block.
 * @throws RangeError for none, or for configurations of different depths
 */
export function channelGroup(label: string, configurations: readonly (readonly number[])[]): ChannelGroup {
  if (configurations.length === 0) throw missing('configurations', 0, 'at least one');
  const wrong = configurations.find(
    (channels) => !Array.isArray(channels) || !channels.every(Number.isFinite),
  );
  if (wrong !== undefined) throw invalid('channels', wrong, 'a list of numbers per configuration');
  const first = configurations[0]!;
  const other = configurations.find(({ length }) => length !== first.length);
  if (other) throw invalid('depth', other.length, `${first.length} blocks in every configuration of a group`);
  const count = configurations.length;
  const columns = first.map((_, i) => configurations.map((channels) => channels[i]!));
  const channels = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / count);
  const spread = columns.map((values, i) => {
    const squares = values.reduce((sum, value) => sum + (value - channels[i]!) ** 2, 0);
    return count === 1 ? 0 : Math.sqrt(squares / (count - 1));
  });
  return {
    label,
    count,
    score: null,
    channels,
    low: channels.map((mean, i) => mean - spread[i]!),
    high: channels.map((mean, i) => mean + spread[i]!),
  };
}
