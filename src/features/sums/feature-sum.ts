import { invalid, messageOf } from '../../errors.js';
import { GramSum } from '../../spectrum/wasm/gram/gram-sum.js';
import type { ValuePlace } from '../running/feature-places.js';
import { formatShape } from '../inputs/format-shapes.js';
import type { ValueNumbers } from '../running/runnable.js';

/**
 * The most neighbouring positions for which features are turned into rows of positions, since short pieces multiply
 * slowly.
 */
const SHORT = 256;

/** Sums over the columns of one value so far. */
export class FeatureSum {
  readonly gram: GramSum;
  /** For each channel the sum of magnitudes, the minimum and the maximum. */
  readonly magnitudes: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;

  constructor(readonly place: ValuePlace) {
    const { channels } = place;
    this.gram = new GramSum(channels, { means: true });
    this.magnitudes = new Float64Array(channels);
    this.lowest = new Float64Array(channels).fill(Infinity);
    this.highest = new Float64Array(channels).fill(-Infinity);
  }

  get columns(): number {
    return this.gram.columns;
  }

  /** @throws RangeError for another shape than that of the place, a NaN or an infinity */
  add({ shape, data }: ValueNumbers): void {
    const { channels, axis, value } = this.place;
    const at = axis < 0 ? shape.length + axis : axis;
    if (shape[at] !== channels)
      throw invalid(`shape of ${value}`, formatShape(shape), `${channels} channels on axis ${axis}`);
    const inner = shape.slice(at + 1).reduce((product, size) => product * size, 1);
    const outer = data.length / (inner * channels);
    if (data.length === 0) return;
    try {
      this.addColumns(data, outer, inner);
    } catch (cause) {
      throw Object.assign(new RangeError(`features of ${value}: ${messageOf(cause)}`), { cause });
    }
    this.note(data, outer, inner);
  }

  private addColumns(data: ValueNumbers['data'], outer: number, inner: number): void {
    const { channels } = this.place;
    if (inner < SHORT) {
      const rows = inner === 1 ? data : turned(data, outer, channels, inner);
      this.gram.addRows({ data: rows, rows: outer * inner, columns: channels });
      return;
    }
    const size = channels * inner;
    for (let i = 0; i < outer; i++)
      this.gram.addColumns({ data: data.subarray(i * size, (i + 1) * size), rows: channels, columns: inner });
  }

  private note(data: ValueNumbers['data'], outer: number, inner: number): void {
    const { magnitudes, lowest, highest } = this;
    let i = 0;
    for (let sample = 0; sample < outer; sample++)
      for (let channel = 0; channel < magnitudes.length; channel++)
        for (let position = 0; position < inner; position++) {
          const value = data[i++]!;
          magnitudes[channel]! += Math.abs(value);
          if (value < lowest[channel]!) lowest[channel] = value;
          if (value > highest[channel]!) highest[channel] = value;
        }
  }
}

/** Returns [outer, channels, inner] as [outer, inner, channels]. */
function turned(
  data: ValueNumbers['data'],
  outer: number,
  channels: number,
  inner: number,
): ValueNumbers['data'] {
  const out = data.slice();
  for (let sample = 0, from = 0; sample < outer; sample++) {
    const start = sample * channels * inner;
    for (let channel = 0; channel < channels; channel++)
      for (let position = 0; position < inner; position++)
        out[start + position * channels + channel] = data[from++]!;
  }
  return out;
}
