import type { ActivationOperations } from '../activations/activation.js';
import { activationDefinitions, type ActivationName } from '../activations/definitions.js';
import { unknown } from '../errors.js';
import { tf } from './tensors.js';

/** An activation: any function from a tensor to a tensor of the same shape, applied elementwise or not. */
export type Activation = (x: tf.Tensor) => tf.Tensor;

/** The built-in activations as functions of a tensor; `src/activations` has one file for each. */
export const activations = Object.fromEntries(
  Object.entries(activationDefinitions).map(([name, { compose }]) => [
    name,
    (x: tf.Tensor) => compose(x, tensorOperations),
  ]),
) as Readonly<Record<ActivationName, Activation>>;

/**
 * Returns the activation of that name: a user's own from `extra`, or else a built-in one.
 * @throws RangeError with the known names
 */
export function activationNamed(name: string, extra: Readonly<Record<string, Activation>> = {}): Activation {
  const table: Readonly<Record<string, Activation>> = { ...activations, ...extra };
  const activation = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!activation) throw unknown('activation', name, Object.keys(table));
  return activation;
}

const tensorOperations: ActivationOperations<tf.Tensor> = {
  identity: (x) => tf.clone(x),
  add: (x, y) => tf.add(x, y),
  mul: (x, y) => tf.mul(x, y),
  div: (x, y) => tf.div(x, y),
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  leakyRelu: (x, slope) => tf.leakyRelu(x, slope),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  erf: (x) => tf.erf(x),
  softplus,
};

/**
 * log(1 + exp(x)) as max(x, 0) + log(1 + exp(-|x|)): neither overflows nor loses the tail. With s = sigmoid(-|x|), at
 * most 1/2, the logarithm is -log(1 - s) = 2 atanh(s / (2 - s)), whose argument is at most 1/3: a short series in
 * operations that every backend does fast and accurately (tf.log1p is log(1 + u) on some, 0 for small u).
 */
function softplus(x: tf.Tensor): tf.Tensor {
  const s = tf.sigmoid(tf.neg(tf.abs(x)));
  const z = tf.div(s, tf.sub(2, s));
  const square = tf.mul(z, z);
  const [highest, ...others] = atanhSeries;
  const series = others.reduce<tf.Tensor | number>(
    (sum, coefficient) => tf.add(tf.mul(sum, square), coefficient),
    highest,
  );
  return tf.add(tf.relu(x), tf.mul(z, series));
}

/**
 * 2 atanh(z) / z in powers of z², the highest first: 2 / (2 k + 1). The truncation error is below 2^-26 for z² <= 1/9.
 */
const atanhSeries = [2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2] as const;
