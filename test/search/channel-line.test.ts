import { expect, it } from 'vitest';
import { channelLine } from '../../src/search/channel-line.js';

it('draws the least-squares line through channels over the number of their block', () => {
  // numpy.polyfit([1, 2, 3, 4], [3, 4, 4, 7], 1)
  const { a, b } = channelLine([3, 4, 4, 7]);
  expect([a, b]).toEqual([expect.closeTo(1.2, 12), expect.closeTo(1.5, 12)]);
});
