import { tf } from './tensors.js';
import { unknown } from '../errors.js';
import { activationNames, paperActivations, type ActivationName } from './activation-names.js';

/** A nonlinearity: any function from a tensor to a tensor of the same shape, applied elementwise or not. */
export type Activation = (x: tf.Tensor) => tf.Tensor;

/**
 * The built-in nonlinearities, with the constants PyTorch has as defaults (so that "the same layer" means the
 * same in both): LeakyReLU with slope 0.01, ELU with alpha 1, GELU with the exact error function.
 *
 * The first eight are the paper's, in the order of its Figure 1.
 */
export const activations = {
  linear: (x) => tf.clone(x),
  relu6: (x) => tf.relu6(x),
  relu: (x) => tf.relu(x),
  leakyRelu: (x) => tf.leakyRelu(x, 0.01),
  elu: (x) => tf.elu(x),
  softplus: (x) => softplus(x),
  /** x relu6(x + 3) / 6 (Howard et al., "Searching for MobileNetV3", 2019). */
  hardSwish: (x) => tf.mul(x, hardSigmoid(x)),
  /** x sigmoid(x), also called Swish-1 (Elfwing et al. 2018; Ramachandran et al. 2017). */
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  /** x Phi(x) with the normal distribution function Phi (Hendrycks and Gimpel, 2016). */
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))),
  /** x tanh(softplus(x)) (Misra, 2019). */
  mish: (x) => tf.mul(x, tf.tanh(softplus(x))),
  /** Klambauer et al., "Self-normalizing neural networks", 2017. */
  selu: (x) => tf.selu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  /** relu6(x + 3) / 6, as in MobileNetV3 and PyTorch (Keras has another slope). */
  hardSigmoid: (x) => hardSigmoid(x),
} as const satisfies Record<ActivationName, Activation>;

export { activationNames, paperActivations, type ActivationName };

/**
 * Returns the nonlinearity of that name: a user's own from `extra` first, else a built-in one.
 * @throws RangeError with the known names
 */
export function activationNamed(name: string, extra: Readonly<Record<string, Activation>> = {}): Activation {
  const table: Readonly<Record<string, Activation>> = { ...activations, ...extra };
  const activation = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!activation) throw unknown('activation', name, Object.keys(table));
  return activation;
}

const hardSigmoid = (x: tf.Tensor) => tf.div(tf.relu6(tf.add(x, 3)), 6);

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

/** 2 atanh(z) / z in powers of z², the highest first: 2 / (2 k + 1). What is left out is below 2^-26 for z² <= 1/9. */
const atanhSeries = [2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2] as const;
