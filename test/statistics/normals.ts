import { nextUnit, type Stream } from '../../src/random/stream.js';

/** Returns a function that gives standard normal numbers. */
export function normals(stream: Stream): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - nextUnit(stream))) * Math.cos(2 * Math.PI * nextUnit(stream));
}
