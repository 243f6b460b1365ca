import { expect, it } from 'vitest';
import { withGaps } from './code-blocks.js';

it('lets `...` stand for lines, and nothing else', () => {
  const printed = ['a', 'b', 'c', 'd'];
  for (const documented of [printed, ['a', '...'], ['...', 'd'], ['a', '...', 'd'], ['...', 'b', '...', 'd']])
    expect(withGaps(printed, documented)).toEqual(documented);
  for (const documented of [
    ['a', 'b', 'c'],
    ['a', 'b', 'c', 'd', 'e'],
    ['a', '...', 'c'],
    ['...', 'x', '...'],
    ['a', '...', 'b', 'c', 'd'],
  ])
    expect(withGaps(printed, documented)).not.toEqual(documented);
});
