import { invalid } from '../errors.js';
import { splitNotation, type Notation } from '../fields.js';
import { fillNormal, fillUniform, sampleWithoutReplacement } from '../random/distributions.js';
import type { Stream } from '../random/stream.js';
import { normalOf, type Distribution } from './distribution.js';

/** The shape of a layer's input, in the order it is stored: [images, spatial, spatial, channels]. */
export interface InputShape {
  readonly images: number;
  readonly spatial: number;
  readonly channels: number;
}

/**
 * A user's own inputs: images or features, sample by sample. `shape` is [samples, features] or [samples, planes,
 * height, width] (as PyTorch stores images).
 */
export interface InputArray {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** The inputs of a layer: a distribution, or the file with a user's own array. */
export type Inputs = InputDistribution | InputFile;

export interface InputDistribution extends Distribution {
  /** Excess kurtosis of one number: its fourth central moment over the square of its variance, less 3. */
  readonly kurtosis: number;
}

export interface InputFile extends Notation {
  readonly file: string;
}

/**
 * Returns the inputs in this notation, or undefined if the notation is invalid. Rules are `normal[:sd]`, N(0, sd²);
 * `uniform[:b]` on [0, b), with b = 1 like images; `half-normal[:sd]`, |N(0, sd²)|, like features after a rectifier;
 * and `file:PATH`, a user's own array.
 */
export function readInputs(text: string): Inputs | undefined {
  const notation = splitNotation(text);
  const { name, argument } = notation;
  if (name === 'file') return argument ? { ...notation, file: argument } : undefined;
  const scale = argument === undefined ? 1 : Number(argument);
  if (!(scale > 0 && scale < LARGEST_SCALE)) return undefined;
  if (name === 'normal') return { ...normalOf(notation, () => scale), kurtosis: 0 };
  if (name === 'uniform') {
    return {
      ...notation,
      ...{ joint: false, mean: () => scale / 2, variance: () => scale ** 2 / 12, kurtosis: -1.2 },
      fill: (stream, out) => fillUniform(stream, out, 0, scale),
    };
  }
  if (name !== 'half-normal') return undefined;
  return {
    ...notation,
    ...{ joint: false, kurtosis: (8 * (Math.PI - 3)) / (Math.PI - 2) ** 2 },
    mean: () => scale * Math.sqrt(2 / Math.PI),
    variance: () => scale ** 2 * (1 - 2 / Math.PI),
    fill: (stream, out) => {
      fillNormal(stream, out, scale);
      for (let i = 0; i < out.length; i++) out[i] = Math.abs(out[i]!);
      return out;
    },
  };
}

/** Above this the numbers or their squares could overflow float32. */
const LARGEST_SCALE = 1e18;

export const inputNotations = 'normal[:SD], uniform[:BOUND], half-normal[:SD], file:PATH (a .npy array)';

/**
 * Returns a layer's input drawn from a user's own array. The samples are drawn without replacement. Each channel of the
 * layer reads one window of spatial x spatial pixels at a random place of a random plane. The place is the same in
 * every sample, and no two channels share it. With spatial size 1, or with features, each channel reads one random
 * value of the sample.
 *
 * @throws RangeError if the array has fewer samples than images, or fewer places than channels
 */
export function inputFromArray(stream: Stream, array: InputArray, shape: InputShape): Float32Array {
  checkRoom(array, shape);
  const [samples, planes, height, width] = imageShape(array);
  const { images, spatial, channels } = shape;
  const [down, across] = [height - spatial + 1, width - spatial + 1];
  const places = planes * down * across;
  const chosen = sampleWithoutReplacement(stream, samples, images);
  const corners = sampleWithoutReplacement(stream, places, channels).map((place) => {
    const plane = Math.floor(place / (down * across));
    const y = Math.floor(place / across) % down;
    return (plane * height + y) * width + (place % across);
  });
  const out = new Float32Array(images * spatial * spatial * channels);
  let next = 0;
  for (const sample of chosen) {
    const start = sample * planes * height * width;
    for (let y = 0; y < spatial; y++) {
      for (let x = 0; x < spatial; x++) {
        const pixel = start + y * width + x;
        for (const corner of corners) out[next++] = array.data[pixel + corner]!;
      }
    }
  }
  return out;
}

/** @throws RangeError if an array has fewer samples than a layer's input has images, or fewer places than channels */
export function checkRoom(array: InputArray, { images, spatial, channels }: InputShape): void {
  const [samples, planes, height, width] = imageShape(array);
  if (samples < images)
    throw invalid('input array', `${samples} samples`, `at least ${images}, or fewer --samples`);
  const places = planes * Math.max(0, height - spatial + 1) * Math.max(0, width - spatial + 1);
  if (places < channels) {
    throw invalid(
      'input array',
      `${planes} planes of ${height} x ${width}`,
      `room for ${channels} channels of ${spatial} x ${spatial} pixels; it has ${places}; use fewer channels`,
    );
  }
}

/**
 * Returns the array if it is valid input: images or features, with finite values whose number fits the shape. @throws
 * RangeError that names the mistake and its place
 */
export function checkInputArray(array: InputArray): InputArray {
  const sizes = imageShape(array);
  const size = sizes.reduce((product, length) => product * length, 1);
  if (array.data.length !== size) {
    throw invalid('input array length', array.data.length, `${size}, the product of its shape`);
  }
  const bad = array.data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    const sample = Math.floor(bad / (size / sizes[0]));
    throw invalid(
      'input array value',
      array.data[bad],
      `finite numbers; found in sample ${sample}, counted from 0`,
    );
  }
  return array;
}

/** Returns the array's sizes as [samples, planes, height, width]; a feature is a plane of one pixel. */
function imageShape({ shape }: InputArray): [number, number, number, number] {
  const [samples = 0, planes = 0, height = 1, width = 1] = shape;
  if (
    (shape.length !== 2 && shape.length !== 4) ||
    shape.some((size) => !Number.isSafeInteger(size) || size < 1)
  ) {
    throw invalid('input array shape', shape, '[samples, features] or [samples, planes, height, width]');
  }
  return [samples, planes, height, width];
}
