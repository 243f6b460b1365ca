import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scalabilityFigure } from '../../src/plots/figures/scalability.js';
import { scalabilityPoints } from '../../src/report/scalability-points.js';

const points = scalabilityPoints();

describe('scalabilityPoints', () => {
  it('has the costs that were counted elsewhere, to the last digit', () => {
    const { rows } = JSON.parse(readFileSync('test/networks/fixtures/network-costs.json', 'utf8')) as {
      rows: [network: string, resolution: number, params: number, macs: number][];
    };
    const known = points.flatMap(({ label, params, macs }) => {
      const row = rows.find(([network]) => network === label);
      return row ? [[label, params, macs, row[2], row[3]]] : [];
    });
    // ReXNet x0.9, 1.0, 1.3, 1.5, 2.0, 3.0, EfficientNet-B0, B1, B3; MobileNetV2 goes by another name
    expect(known).toHaveLength(9);
    for (const [label, params, macs, ...counted] of known)
      expect([params, macs], String(label)).toEqual(counted);
  });

  it('joins ten widths of ReXNet and four EfficientNets, and leaves the others as they are printed', () => {
    const sizes = new Map<string | null, number>();
    for (const { family } of points) sizes.set(family, (sizes.get(family) ?? 0) + 1);
    expect([...sizes]).toEqual([
      ['ReXNet', 10],
      ['EfficientNet', 4],
      ['ReXNet plain', 1],
      [null, 9],
    ]);
    for (const { family, counted, macs, params, printedMacs, printedParams } of points) {
      expect(counted).toBe(family !== null);
      if (!counted) expect([macs, params]).toEqual([printedMacs, printedParams]);
    }
    expect(points.find(({ label }) => label === 'MobileNetV2')).toMatchObject({
      macs: 3e8,
      params: 3.4e6,
      top1: 72,
    });
  });
});

describe('scalabilityFigure', () => {
  it('refuses to draw nothing', () => {
    expect(() => scalabilityFigure([])).toThrow(/^missing points: /);
  });
});
