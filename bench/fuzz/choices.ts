import { nextInteger } from '../../src/random/distributions.js';
import type { Stream } from '../../src/random/stream.js';

/** Returns one of a list. */
export function pick<T>(stream: Stream, list: readonly T[]): T {
  return list[nextInteger(stream, 0, list.length - 1)]!;
}

/** Returns true in `share` of all cases. */
export function chance(stream: Stream, share: number): boolean {
  return nextInteger(stream, 0, 999_999) < share * 1e6;
}

/** Returns a list of random bytes. */
export function randomBytes(stream: Stream, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => nextInteger(stream, 0, 255));
}

/** Returns a list in another order. */
export function shuffle<T>(stream: Stream, list: readonly T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = nextInteger(stream, 0, i);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
