import { tf } from './tensors.js';
import type { ChannelNormalization } from './read-normalization.js';

/** The epsilon that batch normalization adds to a variance: PyTorch's default (Keras uses 1e-3). */
export const EPSILON = 1e-5;

/** Batch normalization with shift 0 (Ioffe and Szegedy, 2015), before its scale; the variance is the biased one. */
export function normalize(x: tf.Tensor4D, normalization: ChannelNormalization): tf.Tensor4D {
  const { name } = normalization;
  if (name === 'none') return x;
  if (name === 'inference') return tf.div(x, Math.sqrt(1 + EPSILON));
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  if (normalization.name === 'running') {
    const { share } = normalization;
    const count = x.size / x.shape[3];
    const unbiased = (share * count) / Math.max(1, count - 1);
    const deviation = tf.sqrt(tf.add(tf.mul(variance, unbiased), 1 - share + EPSILON));
    return tf.div(tf.sub(x, tf.mul(mean, share)), deviation);
  }
  return tf.div(name === 'batch' ? tf.sub(x, mean) : x, tf.sqrt(tf.add(variance, EPSILON)));
}
