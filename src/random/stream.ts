import { invalid } from '../errors.js';
import { philox4x32, type Words4 } from './philox.js';

/**
 * A stream of random 32-bit words: the four-word state of an xoshiro128++ generator. Drawing from it advances the
 * state. Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.
 */
export type Stream = Uint32Array;

/**
 * Returns the random stream of a seed and a label. The label is a path such as `conv3x3/0.3/17/inputs`. Every tensor of
 * every layer has its own label, so a layer's draws depend only on the seed and the layer, never on earlier draws, the
 * worker or the order.
 *
 * The label's bytes are absorbed sixteen at a time by Philox4x32-10 keyed with the seed (a chained
 * pseudo-random function), and the last block is the generator's first state.
 *
 * @param seed whole number from 0 to 2^53 - 1
 * @throws RangeError for any other seed
 * @example
 * const weights = fillNormal(createStream(0, 'my layer/weights'), new Float32Array(9));
 */
export function createStream(seed: number, label: string): Stream {
  const key = [checkSeed(seed) >>> 0, Math.floor(seed / 2 ** 32)] as const;
  const bytes = new TextEncoder().encode(label);
  const view = new DataView(new ArrayBuffer(16));
  let state: Words4 = [bytes.length, 0, 0, 0];
  for (let start = 0; start === 0 || start < bytes.length; start += 16) {
    for (let i = 0; i < 16; i++) view.setUint8(i, bytes[start + i] ?? 0);
    const word = (i: 0 | 1 | 2 | 3) => (state[i] ^ view.getUint32(4 * i, true)) >>> 0;
    state = philox4x32([word(0), word(1), word(2), word(3)], key);
  }
  // xoshiro's one forbidden state; no seed and label are known to lead here, but the check costs nothing
  if (state.every((word) => word === 0)) state = [1, 0, 0, 0];
  return Uint32Array.from(state);
}

/** Returns the seed. @throws RangeError unless it is a whole number from 0 to 2^53 - 1 */
export function checkSeed(seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw invalid('seed', seed, 'a whole number from 0 to 2^53 - 1');
  return seed;
}

/** Returns the next 32-bit word of the stream, unsigned. */
export function nextWord(stream: Stream): number {
  const s0 = stream[0]!;
  const s3 = stream[3]!;
  const sum = (s0 + s3) | 0;
  const word = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
  const s2 = stream[2]! ^ s0;
  const mixed = s3 ^ stream[1]!;
  const shifted = stream[1]! << 9;
  stream[1] = stream[1]! ^ s2;
  stream[0] = s0 ^ mixed;
  stream[2] = s2 ^ shifted;
  stream[3] = (mixed << 11) | (mixed >>> 21);
  return word;
}

/** Returns a uniform number in (0, 1). It is never 0, so its logarithm is finite. */
export function nextUnit(stream: Stream): number {
  return (nextWord(stream) + 0.5) / 2 ** 32;
}
