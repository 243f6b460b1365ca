import { describe, expect, it } from 'vitest';
import { channelPlot } from '../../../src/cli/text/networks/channel-plot.js';
import { designText } from '../../../src/cli/text/networks/design-text.js';
import { designNetwork } from '../../../src/designs/design-network.js';
import { designShapes } from '../../../src/designs/design-shapes.js';
import { rexNet } from '../../../src/networks/rexnet.js';

describe('designText', () => {
  const grid = designShapes.flatMap((shape) => [8, 16, 40, 90].map((blocks) => ({ shape, blocks })));

  it.each(grid)('stays in 80 columns: $shape, $blocks blocks', ({ shape, blocks }) => {
    const lines = designText(designNetwork({ shape, blocks, params: 6e6 }), rexNet()).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line.startsWith('block '))).toHaveLength(blocks);
  });
});

describe('channelPlot', () => {
  it('draws one mark a block at its height, and the other list where it differs', () => {
    expect(channelPlot([0, 11, 22, 33], [0, 11, 33, 33])).toBe(
      [
        'channels',
        '      33 |                   o       *',
        ...Array<string>(3).fill('         |'),
        '         |                   *',
        ...Array<string>(2).fill('         |'),
        '         |           *',
        ...Array<string>(3).fill('         |'),
        '       0 |   *',
        '         +--------------------------------',
        '             1                       4  block',
        '',
      ].join('\n'),
    );
  });
});
