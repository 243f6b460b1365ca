import { describe, expect, it } from 'vitest';
import { channelRows, mergeEqualLines } from '../../../../src/plots/figures/channels/channel-panels.js';
import { channelsFigure } from '../../../../src/plots/figures/channels/channels.js';

describe('mergeEqualLines', () => {
  it('gives lines with the same channels one line with both names, where they stood first', () => {
    const lines = [
      { label: 'a', channels: [1, 2] },
      { label: 'b', channels: [1, 3] },
      { label: 'c', channels: [1, 2] },
      { label: 'd', channels: [1, 2], emphasised: true },
    ];
    const { lines: merged } = mergeEqualLines({ title: '', lines });
    expect(merged.map(({ label }) => label)).toEqual(['a, c', 'b', 'd']);
  });
});

describe('channelRows', () => {
  it('counts blocks from 1 and depth to 1', () => {
    const lines = [{ label: 'a', channels: [8, 9, 10, 12], low: [7, 8, 9, 10], high: [9, 10, 11, 14] }];
    const rows = channelRows([{ title: 'one', lines }]);
    expect(rows.map(({ block, relativeDepth }) => [block, relativeDepth])).toEqual([
      [1, 0.25],
      [2, 0.5],
      [3, 0.75],
      [4, 1],
    ]);
    expect(rows[3]).toMatchObject({ panel: 'one', line: 'a', channels: 12, low: 10, high: 14 });
  });
});

describe('channelsFigure', () => {
  it('refuses panels without a line, and lines without a block', () => {
    expect(() => channelsFigure([{ title: '', lines: [] }])).toThrow(/^missing lines: 0 /);
    expect(() => channelsFigure([{ title: '', lines: [{ label: 'a', channels: [] }] }])).toThrow(
      /^missing lines/,
    );
  });
});
