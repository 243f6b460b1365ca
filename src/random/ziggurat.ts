import { nextUnit, nextWord, type Stream } from './stream.js';

/**
 * Normal numbers by the ziggurat method with 128 layers. Source: Marsaglia and Tsang, "The ziggurat method for
 * generating random variables", 2000. The layer and the value come from different bits of a word (Doornik, 2005); the
 * value takes 24 of them.
 */
const LAYERS = 128;
const TAIL = 3.442619855899; // where the bottom layer's tail begins
const AREA = 9.91256303526217e-3; // of each layer
const UNIT = 2 ** 23; // the value's 24 bits are signed

const { accept, width, density } = zigguratTables();

/** Per layer: the largest |value| accepted outright, then the width of one unit of value. */
export const zigguratTable: Float64Array = Float64Array.of(...accept, ...width);

/**
 * Returns a normal number of mean 0 and standard deviation 1. Pass `word` if the stream's next word is already drawn.
 */
export function nextNormal(stream: Stream, word: number = nextWord(stream)): number {
  for (; ; word = nextWord(stream)) {
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
