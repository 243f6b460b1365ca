import { KernelInstance } from '../kernels/kernel-instance.js';
import type { Stream } from './stream.js';
import { nextNormal, zigguratTable } from './ziggurat.js';

/** Numbers drawn at a time before they are copied out. */
const CHUNK = 8192;
/** Below this number drawing is as fast without the kernels. */
const MIN = 64;

/**
 * Fills `out` with `sd` times the values of `nextNormal`, to the same bits. Returns false, leaving `out` untouched, for
 * few numbers or if the kernels do not start. The few draws that need more than a table look-up are made here.
 */
export function fillNormalByKernel(stream: Stream, out: Float32Array, sd: number): boolean {
  return fill(stream, out, (instance, { state, words, table, target }, count) => {
    instance.float64(table, zigguratTable.length).set(zigguratTable);
    const own = words.subarray(0, 4);
    const drawn = instance.float32(target, count);
    for (let i = 0; ; i++) {
      i = instance.kernels.fillNormal(state, table, sd, target, i, count);
      if (i === count) return;
      drawn[i] = sd * nextNormal(own, words[4]);
    }
  });
}

/**
 * Fills `out` with low + w scale, clamped to [first, last]; w is the upper 24 bits of a word. Returns false, leaving
 * `out` untouched, for few numbers or if the kernels do not start.
 */
export function fillUniformByKernel(
  stream: Stream,
  out: Float32Array,
  low: number,
  scale: number,
  [first, last]: readonly [number, number],
): boolean {
  return fill(stream, out, ({ kernels }, { state, target }, count) =>
    kernels.fillUniform(state, low, scale, first, last, target, count),
  );
}

interface DrawPlaces {
  /** Byte offsets. */
  readonly state: number;
  readonly table: number;
  readonly target: number;
  /** The stream and the last word drawn. */
  readonly words: Uint32Array;
}

function fill(
  stream: Stream,
  out: Float32Array,
  draw: (instance: KernelInstance, places: DrawPlaces, count: number) => void,
): boolean {
  if (out.length < MIN) return false;
  instance ??= KernelInstance.another() ?? 'none';
  if (instance === 'none') return false;
  const [state, table, target] = instance.layout(
    [20, zigguratTable.byteLength, 4 * CHUNK],
    'random numbers',
  ) as [number, number, number];
  const words = new Uint32Array(instance.kernels.memory.buffer, state, 5);
  words.set(stream);
  for (let from = 0; from < out.length; from += CHUNK) {
    const count = Math.min(CHUNK, out.length - from);
    draw(instance, { state, table, target, words }, count);
    out.set(instance.float32(target, count), from);
  }
  stream.set(words.subarray(0, 4));
  return true;
}

/** Set by the first request. */
let instance: KernelInstance | 'none' | undefined;
