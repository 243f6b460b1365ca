import { fillNormalByKernel, fillUniformByKernel } from './kernel-draws.js';
import { nextWord, type Stream } from './stream.js';
import { nextNormal } from './ziggurat.js';

/**
 * Fills `out` with uniform numbers in [low, high) and returns it. Each number has 24 random bits, as many as the
 * significand of a float32. A number that rounding would move out of [low, high) becomes the nearest number inside.
 */
export function fillUniform<T extends Float32Array | Float64Array>(
  stream: Stream,
  out: T,
  low = 0,
  high = 1,
): T {
  const scale = (high - low) / 2 ** 24;
  const ends = endsWithin(low, high, out);
  if (out instanceof Float32Array && fillUniformByKernel(stream, out, low, scale, ends)) return out;
  const [first, last] = ends;
  for (let i = 0; i < out.length; i++)
    out[i] = Math.max(first, Math.min(low + (nextWord(stream) >>> 8) * scale, last));
  return out;
}

/** Returns the first and last number of the array's type in [low, high). If there is none, both are `low`. */
function endsWithin(
  low: number,
  high: number,
  { constructor: Numbers }: Float32Array | Float64Array,
): [number, number] {
  const one = (x: number) => (Numbers === Float32Array ? Math.fround(x) : x);
  /** The next number above x (sign 1) or below it (sign -1). */
  const next = (x: number, sign: 1 | -1) => {
    const [size, tiny] = Numbers === Float32Array ? [2 ** -24, 2 ** -149] : [2 ** -53, 2 ** -1074];
    return one(x + sign * Math.max(Math.abs(x) * size * 1.25, tiny));
  };
  const [down, up] = [one(low), one(high)];
  const [first, last] = [down < low ? next(down, 1) : down, up >= high ? next(up, -1) : up];
  return first <= last ? [first, last] : [low, low];
}

/**
 * Fills `out` with normal numbers of mean 0 and standard deviation `sd`, by the ziggurat method, and returns it.
 */
export function fillNormal<T extends Float32Array | Float64Array>(stream: Stream, out: T, sd = 1): T {
  if (out instanceof Float32Array && fillNormalByKernel(stream, out, sd)) return out;
  for (let i = 0; i < out.length; i++) out[i] = sd * nextNormal(stream);
  return out;
}

/** Returns a whole number from `low` to `high`, both included, each equally likely (Lemire's method, 2019). */
export function nextInteger(stream: Stream, low: number, high: number): number {
  const span = high - low + 1;
  const biased = 2 ** 32 % span;
  for (;;) {
    const word = nextWord(stream);
    if (word >= biased) return low + (word % span);
  }
}

/** Returns `count` different whole numbers from 0 to `size - 1` in random order (partial Fisher-Yates shuffle). */
export function sampleWithoutReplacement(stream: Stream, size: number, count: number): number[] {
  const moved = new Map<number, number>();
  return Array.from({ length: count }, (_, i) => {
    const j = nextInteger(stream, i, size - 1);
    const picked = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return picked;
  });
}
