import { describe, expect, it } from 'vitest';
import { placeEndLabels } from '../../../src/plots/parts/end-labels.js';

const room = { gap: 0.05, tie: 0.01, low: 0, high: 1 };
const end = (name: string, value: number, mean = value) => ({ name, value, mean });

describe('placeEndLabels', () => {
  it('leaves labels at their lines where there is room', () => {
    expect(placeEndLabels([end('a', 0.2), end('b', 0.8)], room)).toEqual([
      { name: 'b', value: 0.8, place: 0.8 },
      { name: 'a', value: 0.2, place: 0.2 },
    ]);
  });

  it('spreads crowded labels evenly about their lines', () => {
    const places = placeEndLabels([end('a', 0.5), end('b', 0.5), end('c', 0.5)], room).map((it) => it.place);
    [0.55, 0.5, 0.45].forEach((place, i) => expect(places[i]).toBeCloseTo(place, 12));
  });

  it('keeps labels apart and inside, in the order of the lines, whatever the values', () => {
    for (let seed = 0; seed < 50; seed++) {
      const ends = Array.from({ length: 14 }, (_, i) =>
        end(`n${i}`, ((i * 7919 + seed * 104729) % 1000) / 999),
      );
      const labels = placeEndLabels(ends, { ...room, tie: 0 });
      labels.forEach((label, i) => {
        expect(label.place).toBeLessThanOrEqual(1 + 1e-12);
        expect(label.place).toBeGreaterThanOrEqual(-1e-12);
        const above = labels[i - 1];
        if (!above) return;
        expect(above.place - label.place).toBeGreaterThan(0.05 - 1e-9);
        expect(above.value).toBeGreaterThanOrEqual(label.value);
      });
    }
  });

  it('runs out at the bottom where there is no room for all', () => {
    const ends = Array.from({ length: 30 }, (_, i) => end(`n${i}`, 1));
    const places = placeEndLabels(ends, room).map((it) => it.place);
    expect(places[0]).toBeCloseTo(1, 12);
    expect(places[29]).toBeCloseTo(1 - 29 * 0.05, 12);
  });

  it('orders lines that end together by how high they lie', () => {
    const names = (ends: Parameters<typeof placeEndLabels>[0]) =>
      placeEndLabels(ends, room).map((it) => it.name);
    expect(names([end('low', 1, 0.5), end('high', 0.995, 0.9)])).toEqual(['high', 'low']);
    expect(names([end('low', 1, 0.5), end('high', 0.95, 0.9)])).toEqual(['low', 'high']);
  });

  it('takes no lines', () => {
    expect(placeEndLabels([], room)).toEqual([]);
  });
});
