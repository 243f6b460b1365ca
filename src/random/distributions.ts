import { nextWord, type Stream } from './stream.js';

/**
 * Fills `out` with uniform numbers in [low, high) and returns it. 24 random bits each: as many as the
 * significand of a float32 has.
 */
export function fillUniform<T extends Float32Array | Float64Array>(
  stream: Stream,
  out: T,
  low = 0,
  high = 1,
): T {
  const scale = (high - low) / 2 ** 24;
  for (let i = 0; i < out.length; i++) out[i] = low + (nextWord(stream) >>> 8) * scale;
  return out;
}

/**
 * Fills `out` with normal numbers of mean 0 and standard deviation `sd`, and returns it. Ziggurat method with
 * 128 layers (Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000); the layer
 * and the value come from different bits of a word (Doornik, 2005), 24 of them for the value.
 */
export function fillNormal<T extends Float32Array | Float64Array>(stream: Stream, out: T, sd = 1): T {
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

/** Returns a uniform number in (0, 1): never 0, so that its logarithm is finite. */
export function nextUnit(stream: Stream): number {
  return (nextWord(stream) + 0.5) / 2 ** 32;
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

const LAYERS = 128;
const TAIL = 3.442619855899; // where the bottom layer's tail begins
const AREA = 9.91256303526217e-3; // of each layer
const UNIT = 2 ** 23; // the value's 24 bits are signed

const { accept, width, density } = zigguratTables();

function nextNormal(stream: Stream): number {
  for (;;) {
    const word = nextWord(stream);
    const layer = word & (LAYERS - 1);
    const value = word >> 8; // signed: -2^23 to 2^23 - 1
    const x = value * width[layer]!;
    if (Math.abs(value) < accept[layer]!) return x; // inside the layer's rectangle: 98.8% of all draws
    if (layer === 0) return tail(stream, value < 0);
    const height = density[layer]! + nextUnit(stream) * (density[layer - 1]! - density[layer]!);
    if (height < Math.exp(-0.5 * x * x)) return x;
  }
}

/** A draw from the normal tail beyond TAIL (Marsaglia, 1964). */
function tail(stream: Stream, negative: boolean): number {
  for (;;) {
    const x = -Math.log(nextUnit(stream)) / TAIL;
    const y = -Math.log(nextUnit(stream));
    if (y + y >= x * x) return negative ? -(TAIL + x) : TAIL + x;
  }
}

/** Per layer: the largest |value| accepted outright, the width of one unit of value, the density at its edge. */
function zigguratTables() {
  const accept = new Float64Array(LAYERS);
  const width = new Float64Array(LAYERS);
  const density = new Float64Array(LAYERS);
  const at = (x: number) => Math.exp(-0.5 * x * x);
  const base = AREA / at(TAIL); // width of the bottom layer as a rectangle, its tail included
  accept[0] = (TAIL / base) * UNIT;
  width[0] = base / UNIT;
  density[0] = 1;
  let edge = TAIL;
  for (let i = LAYERS - 1; i >= 1; i--) {
    width[i] = edge / UNIT;
    density[i] = at(edge);
    const inner = i > 1 ? Math.sqrt(-2 * Math.log(AREA / edge + at(edge))) : 0;
    accept[i] = (inner / edge) * UNIT;
    edge = inner;
  }
  return { accept, width, density };
}
