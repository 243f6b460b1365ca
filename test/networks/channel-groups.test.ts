import { describe, expect, it } from 'vitest';
import { channelGroup, channelGroups } from '../../src/networks/channel-groups.js';

describe('channelGroups', () => {
  it('takes the best, the middle and the worst tenth, whatever the order they come in', () => {
    // 200 configurations with scores 0, ..., 199, shuffled by a step that is prime to 200
    const configurations = Array.from({ length: 200 }, (_, i) => {
      const score = (i * 77) % 200;
      return { channels: [score, 2 * score], score };
    });
    const groups = channelGroups(configurations);
    expect(groups.map(({ label, count, score }) => [label, count, score])).toEqual([
      ['top 10%', 20, 189.5],
      ['middle 10%', 20, 89.5],
      ['bottom 10%', 20, 9.5],
    ]);
    expect(groups[0]!.channels).toEqual([189.5, 379]);
  });

  it('has one configuration a group of three', () => {
    const configurations = [3, 1, 2].map((score) => ({ channels: [score], score }));
    expect(channelGroups(configurations).map(({ channels }) => channels[0])).toEqual([3, 2, 1]);
    expect(() => channelGroups(configurations.slice(1))).toThrow(/^missing configurations: 2 /);
  });
});

describe('channelGroup', () => {
  it('has a band of one standard deviation', () => {
    // of 2, 4, 4, 4, 5, 5, 7, 9 the mean is 5 and the sum of squares 32
    const group = channelGroup(
      'eight',
      [2, 4, 4, 4, 5, 5, 7, 9].map((c) => [c, 10]),
    );
    expect(group.channels).toEqual([5, 10]);
    expect(group.high[0]).toBeCloseTo(5 + Math.sqrt(32 / 7), 12);
    expect(group.low[0]).toBeCloseTo(5 - Math.sqrt(32 / 7), 12);
    expect([group.low[1], group.high[1]]).toEqual([10, 10]);
  });

  it('is the configuration itself where there is one', () => {
    expect(channelGroup('one', [[1, 2]])).toMatchObject({ low: [1, 2], channels: [1, 2], high: [1, 2] });
  });

  it('refuses none, and different depths', () => {
    expect(() => channelGroup('none', [])).toThrow(/^missing configurations: 0 /);
    expect(() => channelGroup('two', [[1], [1, 2]])).toThrow(/^invalid depth: 2 /);
  });

  it('refuses configurations without a score or without channels', () => {
    const three = (one: object) => [one, { channels: [1], score: 1 }, { channels: [1], score: 2 }] as never;
    expect(() => channelGroups(three({ channels: [1], scores: 3 }))).toThrow(/^invalid score: undefined/);
    expect(() => channelGroups(three({ channels: [1], score: NaN }))).toThrow(/^invalid score: NaN/);
    expect(() => channelGroups(three({ channels: '1', score: 3 }))).toThrow(/^invalid channels: 1 /);
    expect(() => channelGroups(three({ channels: [NaN], score: 3 }))).toThrow(
      /^invalid channels: \["NaN"\] /,
    );
  });
});
