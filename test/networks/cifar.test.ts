import { describe, expect, it } from 'vitest';
import { cifarNetwork } from '../../src/networks/cifar.js';
import { networkCosts } from '../../src/networks/network-costs.js';
import { networkLayers } from '../../src/networks/network-layers.js';
import { table3Searches } from '../../src/published/table-3.js';

const printed = table3Searches().flatMap(({ constraint, best, worst, ...budget }) => [
  { ...budget, constraint, which: 'best', channels: best.channels },
  { ...budget, constraint, which: 'worst', channels: worst.channels },
]);

describe('cifarNetwork', () => {
  it.each(printed)(
    'comes within 10% of the printed costs of constraint ($constraint), $which',
    ({ blocks, channels, paramsMillions, meanMacsMillions }) => {
      expect(channels).toHaveLength(blocks);
      const { params, macs } = networkCosts(cifarNetwork(channels));
      expect(Math.abs(params / 1e6 / paramsMillions - 1)).toBeLessThan(0.1);
      expect(Math.abs(macs / 1e6 / meanMacsMillions - 1)).toBeLessThan(0.1);
    },
  );

  it('has as many convolutions and linear layers as the paper says: 18, 30 and 42', () => {
    const depths = table3Searches().map(({ best }) => {
      const layers = networkLayers(cifarNetwork(best.channels));
      return layers.filter(({ kind }) => ['convolution', 'depthwise', 'linear'].includes(kind)).length;
    });
    expect(depths).toEqual([18, 30, 30, 42]);
  });

  it('halves the image after one and two thirds of the depth', () => {
    const strides = cifarNetwork([16, 16, 16, 16, 16, 16, 16, 16, 16]).blocks.map(({ stride }) => stride);
    expect(strides.join('')).toBe('111211211');
  });

  // counted by hand: 3x3 stem, one block 16 -> 96 -> 96 -> 20 with stride 2 (once for both thirds), 256 channels, 100 classes
  it('is counted by hand for one block', () => {
    const params =
      27 * 16 + 32 + (16 * 96 + 192) + (9 * 96 + 192) + (96 * 20 + 40) + (20 * 256 + 512) + (256 * 100 + 100);
    const macs = (27 * 16 + 16 * 96) * 1024 + (9 * 96 + 96 * 20 + 20 * 256) * 256 + 25600;
    expect(networkCosts(cifarNetwork([20]))).toMatchObject({ params, macs });
  });
});
