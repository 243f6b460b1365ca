import { channelsOf, networkCosts } from 'rankscope/networks';
import { expect, it } from 'vitest';
import { factorNetwork, factors } from '../../experiments/table-2-networks';

it.each([
  ['kept', 4.3e6, { resolution: 16, classes: 10 }],
  ['the paper’s', 101e6, { resolution: 32, classes: 100 }],
])('the networks of Table 2 have their ratios at equal MACs (%s size)', (_, macs, settings) => {
  for (const factor of factors) {
    const network = factorNetwork(factor, macs, settings);
    expect(Math.abs(networkCosts(network).macs / macs - 1)).toBeLessThanOrEqual(0.01);
    const [first, second] = channelsOf(network) as [number, number];
    for (const ratio of [network.stem.channels / first, first / second])
      expect(Math.abs(ratio / factor.ratio - 1)).toBeLessThanOrEqual(0.02);
    for (const { expansion, activations } of network.blocks)
      expect([expansion, activations.expand]).toEqual([factor.expansion, factor.activation]);
  }
  expect(() => factorNetwork(factors[0]!, 1e5, settings)).toThrow('invalid macs: 100000');
});
