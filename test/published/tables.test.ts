import { describe, expect, it } from 'vitest';
import { networkCosts } from '../../src/networks/network-costs.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { channelsOf } from '../../src/networks/network.js';
import { figure4Points } from '../../src/published/figure-4.js';
import { table1Networks } from '../../src/published/table-1.js';
import { table2Networks } from '../../src/published/table-2.js';
import { table3Searches } from '../../src/published/table-3.js';
import { table5Networks } from '../../src/published/table-5.js';

describe('table1Networks', () => {
  it('has ten networks, whose channels never decrease', () => {
    expect(table1Networks()).toHaveLength(10);
    for (const { channels } of table1Networks()) {
      expect(channels).toEqual(channels.toSorted((a, b) => a - b));
    }
  });

  it.each([
    ['MobileNetV2', 'mobilenet-v2-1.0'],
    ['EfficientNet-B0', 'efficientnet-b0'],
  ])('has %s as it is built here', (label, name) => {
    const printed = table1Networks().find(({ network }) => network === label)!;
    const built = networkNamed(name);
    expect([printed.stem, printed.channels]).toEqual([built.stem.channels, channelsOf(built)]);
  });
});

describe('table3Searches', () => {
  it('has accuracies in order, but for the worst network of (b)', () => {
    for (const { constraint, top1, best, worst, blocks } of table3Searches()) {
      const ordered = [best.top1, top1.top, top1.middle, top1.bottom];
      expect(ordered).toEqual(ordered.toSorted((a, b) => b - a));
      // printed better than the mean of the group it is the worst of
      expect(worst.top1 <= top1.bottom).toBe(constraint !== 'b');
      expect([best.channels.length, worst.channels.length]).toEqual([blocks, blocks]);
    }
  });
});

describe('table5Networks', () => {
  // printed with one to three digits, some cut and some rounded
  it.each(table5Networks())('prints the costs of $label as counted, to its digits', (row) => {
    const { params, macs } = networkCosts(networkNamed(row.name));
    expect(Math.abs(params / 1e6 / row.paramsMillions - 1)).toBeLessThan(0.03);
    expect(Math.abs(macs / 1e9 / row.macsBillions - 1)).toBeLessThan(0.03);
  });
});

describe('table2Networks', () => {
  it('gains with each factor: 4.1, 5.8 and 6.6 points, and up to 15% of nuclear norm', () => {
    const [first, ...others] = table2Networks();
    expect(others.map(({ top1 }) => Number((top1 - first!.top1).toFixed(1)))).toEqual([4.1, 5.8, 6.6]);
    const norms = others.map(({ nuclearNorm }) => Number((nuclearNorm / first!.nuclearNorm).toFixed(3)));
    expect(norms).toEqual([1.11, 1.118, 1.15]);
  });
});

describe('figure4Points', () => {
  it('rises with the budget, and agrees with Table 3 where both print the best tenth', () => {
    const points = figure4Points();
    expect(points.map(({ top1 }) => top1)).toEqual(points.map(({ top1 }) => top1).toSorted((a, b) => a - b));
    // 63.8 here and 63.1 there for (a), as printed
    for (const constraint of ['b', 'c']) {
      const { top1, macsMillions } = table3Searches().find((one) => one.constraint === constraint)!;
      expect(points.find((point) => point.macsMillions === macsMillions)!.top1).toBe(top1.top);
    }
  });
});
