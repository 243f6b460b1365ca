import { activationDefinitions, type ActivationName } from '../../activations/definitions.js';
import type { ActivationOperations } from '../../activations/activation.js';
import { activations } from '../../layers/activations.js';
import { tf } from '../../layers/tensors.js';

/** A function's value and derivative at every entry: a dual number. */
interface Dual {
  readonly value: tf.Tensor;
  readonly slope: tf.Tensor;
}

/** The numbers of `activations/selu.ts`. */
const SELU_SCALE = activationDefinitions.selu.derivative(1);
const SELU_SLOPE = activationDefinitions.selu.derivative(-0);

/** Returns f(x) and f'(x), from an activation's operations on dual numbers. */
export function activationSlope(x: tf.Tensor, name: ActivationName): Dual {
  return tf.tidy(() => {
    const { value, slope } = activationDefinitions[name].compose<Dual>(
      { value: x, slope: tf.onesLike(x) },
      duals,
    );
    return { value: tf.clone(value), slope };
  });
}

const duals: ActivationOperations<Dual> = {
  identity: (x) => x,
  add: (x, y) =>
    typeof y === 'number'
      ? { value: tf.add(x.value, y), slope: x.slope }
      : { value: tf.add(x.value, y.value), slope: tf.add(x.slope, y.slope) },
  mul: (x, y) =>
    typeof y === 'number'
      ? { value: tf.mul(x.value, y), slope: tf.mul(x.slope, y) }
      : {
          value: tf.mul(x.value, y.value),
          slope: tf.add(tf.mul(x.slope, y.value), tf.mul(x.value, y.slope)),
        },
  div: (x, y) => {
    if (typeof y === 'number') return { value: tf.div(x.value, y), slope: tf.div(x.slope, y) };
    const value = tf.div(x.value, y.value);
    return { value, slope: tf.div(tf.sub(x.slope, tf.mul(value, y.slope)), y.value) };
  },
  relu: ({ value, slope }) => ({ value: tf.relu(value), slope: tf.mul(slope, tf.step(value)) }),
  relu6: ({ value, slope }) => ({
    value: tf.relu6(value),
    slope: tf.mul(slope, tf.mul(tf.step(value), tf.step(tf.sub(6, value)))),
  }),
  leakyRelu: ({ value, slope }, below) => ({
    value: tf.leakyRelu(value, below),
    slope: tf.mul(slope, tf.step(value, below)),
  }),
  elu: ({ value, slope }) => {
    const y = tf.elu(value);
    return { value: y, slope: tf.mul(slope, tf.add(1, tf.minimum(y, 0))) };
  },
  selu: ({ value, slope }) => {
    const y = tf.selu(value);
    const below = tf.add(tf.minimum(y, 0), SELU_SLOPE);
    return {
      value: y,
      slope: tf.mul(slope, tf.where(tf.greater(value, 0), tf.fill(y.shape, SELU_SCALE), below)),
    };
  },
  sigmoid: ({ value, slope }) => {
    const y = tf.sigmoid(value);
    return { value: y, slope: tf.mul(slope, tf.mul(y, tf.sigmoid(tf.neg(value)))) };
  },
  tanh: ({ value, slope }) => {
    const y = tf.tanh(value);
    return { value: y, slope: tf.mul(slope, tf.sub(1, tf.square(y))) };
  },
  softplus: ({ value, slope }) => ({
    value: activations.softplus(value),
    slope: tf.mul(slope, tf.sigmoid(value)),
  }),
  erf: ({ value, slope }) => ({
    value: tf.erf(value),
    slope: tf.mul(slope, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(tf.square(value))))),
  }),
};
