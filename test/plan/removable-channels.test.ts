import { describe, expect, it } from 'vitest';
import { removableChannels } from '../../src/plan/removable-channels.js';
import { widthGain } from '../../src/plan/width-gain.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import type { GramData } from '../../src/plan/centred.js';

/** Features by channel, from a function of independent normal columns. */
function features(name: string, columns: number, make: (z: (i: number) => number) => number[]): GramData {
  const normal = new Float64Array(16 * columns);
  fillNormal(createStream(0, name), normal);
  const list = Array.from({ length: columns }, (_, k) =>
    Float32Array.from(make((i) => normal[i * columns + k]!)),
  );
  const { length } = list[0]!;
  const [gram, sums] = [new Float64Array(length * length), new Float64Array(length)];
  for (const y of list)
    for (let i = 0; i < length; i++) {
      sums[i]! += y[i]!;
      for (let j = 0; j < length; j++) gram[i * length + j]! += y[i]! * y[j]!;
    }
  return { channels: length, columns, gram, sums };
}

const make = (z: (i: number) => number) => [
  z(0),
  0, // dead
  3, // constant
  z(1) + 10,
  1000 * (z(0) - 2 * z(1)) + 7, // a combination, of another scale
  z(2),
  z(2) * (1 + 1e-3 * z(3)), // nearly the same as the one before it, but not
];

describe('removableChannels', () => {
  it('finds dead, constant and dependent channels, each with a bound, and no others', () => {
    const found = removableChannels(features('one', 500, make), features('two', 300, make));
    expect(found.map(({ channel, kind }) => [channel, kind])).toEqual([
      [1, 'dead'],
      [2, 'constant'],
      // any one of the three that depend on each other
      [expect.toBeOneOf([0, 3, 4]), 'combination'],
    ]);
    for (const { residual, heldOut } of found) {
      expect(residual).toBeLessThan(1e-5);
      expect(heldOut).toBeLessThan(1e-5);
    }
  });

  it('shows on held-out inputs what the calibrating ones did not', () => {
    const still = (z: (i: number) => number) => [z(0), z(1), z(0) + z(1)];
    const moving = (z: (i: number) => number) => [z(0), z(1), z(0) + z(1) + z(2)];
    const [found] = removableChannels(features('one', 200, still), features('two', 200, moving));
    expect(found).toMatchObject({ kind: 'combination' });
    expect(found!.heldOut!).toBeGreaterThan(0.3);
    const [dead] = removableChannels(
      features('one', 50, (z) => [z(0), 0]),
      features('two', 50, (z) => [z(0), z(1)]),
    );
    expect(dead).toMatchObject({ channel: 1, kind: 'constant' });
    expect(dead!.heldOut!).toBeGreaterThan(0.9);
  });
});

describe('widthGain', () => {
  it('tells a layer that fills its width from one that does not', () => {
    const full = features('full', 600, (z) => Array.from({ length: 12 }, (_, i) => z(i)));
    expect(widthGain(full, 0.05, 1e6)).toMatchObject({ rank: 12, saturated: true, ranksPerMillionMacs: 1 });
    const half = features('half', 600, (z) => Array.from({ length: 12 }, (_, i) => z(i % 6)));
    expect(widthGain(half, 0.05, 1e6)).toMatchObject({ rank: 6, saturated: false, ranksPerMillionMacs: 0 });
  });
});
