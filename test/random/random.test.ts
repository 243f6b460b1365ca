import { describe, expect, it } from 'vitest';
import {
  fillNormal,
  fillUniform,
  nextInteger,
  sampleWithoutReplacement,
} from '../../src/random/distributions.js';
import { philox4x32 } from '../../src/random/philox.js';
import { createStream, nextWord, type Stream } from '../../src/random/stream.js';

describe('philox4x32', () => {
  // Known answers published with Random123 (Salmon et al.), file kat_vectors.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('counter %j, key %j', (counter, key, words) => {
    expect(philox4x32(counter, key)).toEqual(words);
  });
});

describe('nextWord', () => {
  it('is xoshiro128++ (words from a separate 64-bit implementation)', () => {
    const state = [1n, 2n, 3n, 4n];
    const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & 0xffffffffn;
    const expected = Array.from({ length: 50 }, () => {
      const word = (rotate((state[0]! + state[3]!) & 0xffffffffn, 7n) + state[0]!) & 0xffffffffn;
      const t = (state[1]! << 9n) & 0xffffffffn;
      state[2]! ^= state[0]!;
      state[3]! ^= state[1]!;
      state[1]! ^= state[2]!;
      state[0]! ^= state[3]!;
      state[2]! ^= t;
      state[3] = rotate(state[3]!, 11n);
      return Number(word);
    });
    const stream = Uint32Array.of(1, 2, 3, 4);
    expect(expected.map(() => nextWord(stream))).toEqual(expected);
    expect(expected[0]).toBe(641); // rotl(1 + 4, 7) + 1
  });
});

describe('createStream', () => {
  it('gives the same words for the same seed and label, others for any other', () => {
    const words = (seed: number, label: string) => {
      const stream = createStream(seed, label);
      return Array.from({ length: 4 }, () => nextWord(stream)).join();
    };
    expect(words(3, 'conv3x3/0.3/17/inputs')).toBe(words(3, 'conv3x3/0.3/17/inputs'));
    const all = [0, 1, 2 ** 32, 2 ** 53 - 1].flatMap((seed) =>
      [
        '',
        'a',
        'a\0',
        '0123456789abcdef',
        '0123456789abcdef0',
        'conv3x3/0.3/17/inputs',
        'conv3x3/0.3/18/inputs',
      ].map((label) => words(seed, label)),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it('keeps its words for good: runs of earlier versions can be repeated', () => {
    const stream = createStream(0, 'pointwise/0.5/0/sizes');
    expect(Array.from({ length: 3 }, () => nextWord(stream))).toMatchInlineSnapshot(`
      [
        3148606892,
        3318876659,
        3494936325,
      ]
    `);
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('refuses the seed %s', (seed) => {
    expect(() => createStream(seed, '')).toThrow(
      /^invalid seed: .* \(allowed: a whole number from 0 to 2\^53 - 1\)$/,
    );
  });
});

const draws = 400_000;
const mean = (x: ArrayLike<number>, f = (v: number) => v) => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += f(x[i]!);
  return sum / x.length;
};
/** Kolmogorov-Smirnov distance to a distribution function. */
const distance = (sample: Float64Array, cdf: (x: number) => number) => {
  const sorted = Float64Array.from(sample).sort();
  return sorted.reduce((d, x, i) => {
    const p = cdf(x);
    return Math.max(d, Math.abs(p - i / sorted.length), Math.abs(p - (i + 1) / sorted.length));
  }, 0);
};
/** P(KS distance * sqrt(n) > 1.95) = 0.001 for a right generator; the seed is fixed, so this passes or fails for good. */
const limit = 1.95 / Math.sqrt(draws);

/** Streams whose first word has 24 upper bits of all zeros, and all ones. */
const allZeros = () => Uint32Array.of(0, 1, 2, 0);
const allOnes = () => Uint32Array.of(0, 1, 2, 2 ** 32 - 1);

describe('distributions', () => {
  it('uniform: distribution, mean and bounds', () => {
    const x = fillUniform(createStream(1, 'uniform'), new Float64Array(draws), -1, 1);
    expect(distance(x, (v) => (v + 1) / 2)).toBeLessThan(limit);
    expect(x.every((v) => v >= -1 && v < 1)).toBe(true);
  });

  it.each([1, 63, 64, 65, 1000, 8192, 8193, 40_000])(
    'are the same in float32, which the kernels draw, and in float64, to the last word: %i',
    (count) => {
      const streams = [createStream(2, 'either'), createStream(2, 'either')] as const;
      for (const fill of [
        <T extends Float32Array | Float64Array>(s: Stream, out: T) => fillNormal(s, out, 0.7),
        <T extends Float32Array | Float64Array>(s: Stream, out: T) => fillUniform(s, out, -1, 1.25),
      ]) {
        const short = fill(streams[0], new Float32Array(count));
        const long = fill(streams[1], new Float64Array(count));
        expect(short).toEqual(Float32Array.from(long));
        expect(streams[0]).toEqual(streams[1]);
      }
    },
  );

  it.each([
    [0, 0.1],
    [0, 1.0000001192092896],
    [-0.1, 0.3],
    [-0.3, -0.1],
    [0, 1e-40],
    [1e8, 1e8 + 24],
    [1e16, 1e16 + 2 ** 31],
  ])('uniform: stays in [%d, %d) when rounded', (low, high) => {
    for (const Numbers of [Float32Array, Float64Array]) {
      // one by one, and by the kernels
      for (const count of [1, 1000]) {
        const drawn = [allZeros(), allOnes(), createStream(3, 'ends')].flatMap((stream) =>
          Array.from(fillUniform(stream, new Numbers(count), low, high)),
        );
        expect(drawn.filter((x) => !(x >= low && x < high))).toEqual([]);
      }
    }
  });

  it('uniform: rounds all that stays inside as ever', () => {
    expect(fillUniform(allOnes(), new Float32Array(1))[0]).toBe(1 - 2 ** -24);
    expect(fillUniform(allOnes(), new Float64Array(1), 1e16, 1e16 + 4)[0]).toBe(1e16 + 2);
    expect(fillUniform(allOnes(), new Float32Array(1), 0, 0.1)[0]).toBe(Math.fround(0.1) - 2 ** -27);
    const [short, long] = [new Float32Array(1e5), new Float64Array(1e5)];
    fillUniform(createStream(4, 'same'), short, -0.3, 0.1);
    fillUniform(createStream(4, 'same'), long, -0.3, 0.1);
    expect(short).toEqual(Float32Array.from(long));
  });

  it('normal: distribution, the first moments, both tails', () => {
    const x = fillNormal(createStream(1, 'normal'), new Float64Array(draws), 2);
    expect(distance(x, (v) => normalCdf(v / 2))).toBeLessThan(limit);
    expect(Math.abs(mean(x))).toBeLessThan((4 * 2) / Math.sqrt(draws));
    expect(Math.abs(mean(x, (v) => v * v) / 4 - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));
    expect(Math.abs(mean(x, (v) => v ** 4) / 16 - 3)).toBeLessThan(4 * Math.sqrt(96 / draws));
    const beyond = (limit: number) => x.filter((v) => v / 2 > limit).length;
    for (const edge of [3, 3.442619855899, 4]) {
      const expected = draws * (1 - normalCdf(edge));
      expect(Math.abs(beyond(edge) - expected)).toBeLessThan(4 * Math.sqrt(expected));
    }
  });

  it('integers: every value of the range, equally often', () => {
    const stream = createStream(1, 'integers');
    const counts = new Map<number, number>();
    for (let i = 0; i < 60_000; i++) {
      const value = nextInteger(stream, 10, 15);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([10, 11, 12, 13, 14, 15]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(4 * Math.sqrt(10_000));
  });

  it('sampling without replacement: no value twice, every value as likely', () => {
    const hits = new Array<number>(10).fill(0);
    for (let i = 0; i < 5_000; i++) {
      const picked = sampleWithoutReplacement(createStream(i, 'sample'), 10, 4);
      expect(new Set(picked).size).toBe(4);
      for (const value of picked) hits[value]!++;
    }
    for (const count of hits) expect(Math.abs(count - 2_000)).toBeLessThan(4 * Math.sqrt(2_000));
    expect(sampleWithoutReplacement(createStream(0, 'all'), 5, 5).sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

/** Normal distribution function: series near 0, continued fraction in the tail; accurate to about 1e-12. */
function normalCdf(x: number): number {
  if (x < 0) return 1 - normalCdf(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; k < 200; k++) sum += term *= (x * x) / (2 * k + 1);
    return 0.5 + density * sum;
  }
  let fraction = x;
  for (let k = 100; k >= 1; k--) fraction = x + k / fraction;
  return 1 - density / fraction;
}
