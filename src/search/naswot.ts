import type { tf } from '../layers/tensors.js';
import { buildNetwork } from '../models/network-model.js';
import type { Parameters } from '../models/parameters.js';
import { runNetwork } from '../models/run-network.js';
import type { Network } from '../networks/network.js';

/**
 * Returns NASWOT's score log |K| of a network, or null if two images have equal codes and K is singular. Mellor,
 * Turner, Storkey and Crowley, "Neural architecture search without training", ICML 2021. The code of an image has a bit
 * for every number that an activation puts out: whether it is positive. K(i, j) is the number of equal bits of two
 * images. Runs on the active tensor backend.
 *
 * @param images [images, height, width, channels]
 */
export function naswot(network: Network, parameters: Parameters, images: tf.Tensor4D): number | null {
  const count = images.shape[0];
  const equal = new Float64Array(count * count);
  const model = buildNetwork(network, parameters);
  try {
    const scores = runNetwork(model, images, ({ activation }, output) => {
      if (activation !== 'linear') addEqualBits(equal, output.dataSync<'float32'>(), count);
    });
    scores.dispose();
  } finally {
    model.dispose();
  }
  return logDeterminant(equal, count);
}

/** Adds, for each pair of images, how many of their numbers are both positive or both not positive. */
export function addEqualBits(equal: Float64Array, data: ArrayLike<number>, count: number): void {
  const length = data.length / count;
  const words = Math.ceil(length / 32);
  const codes = new Uint32Array(count * words);
  for (let image = 0; image < count; image++)
    for (let i = 0; i < length; i++)
      if (data[image * length + i]! > 0) codes[image * words + (i >>> 5)]! |= 1 << (i & 31);
  for (let i = 0; i < count; i++) {
    for (let j = i; j < count; j++) {
      let different = 0;
      for (let k = 0; k < words; k++) different += bitsOf(codes[i * words + k]! ^ codes[j * words + k]!);
      equal[i * count + j]! += length - different;
      if (j > i) equal[j * count + i]! += length - different;
    }
  }
}

function bitsOf(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Returns log |A| of a positive semidefinite matrix by Cholesky's factorisation, or null for a singular one. */
export function logDeterminant(matrix: ArrayLike<number>, n: number): number | null {
  const l = Float64Array.from(matrix);
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const before = l[j * n + j]!;
    for (let k = 0; k < j; k++) l[j * n + j]! -= l[j * n + k]! ** 2;
    const pivot = l[j * n + j]!;
    if (!(pivot > before * n * Number.EPSILON)) return null;
    sum += Math.log(pivot);
    const root = Math.sqrt(pivot);
    l[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let value = l[i * n + j]!;
      for (let k = 0; k < j; k++) value -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = value / root;
    }
  }
  return sum;
}
