import { tf } from './tensors.js';
import { runningShare, type NormalizationRule } from './protocol.js';

/** The epsilon that batch normalization adds to a variance: PyTorch's default (Keras uses 1e-3). */
export const EPSILON = 1e-5;

/** Batch normalization with shift 0 (Ioffe and Szegedy, 2015), before its scale; the variance is the biased one. */
export function normalize(x: tf.Tensor4D, mode: NormalizationRule): tf.Tensor4D {
  if (mode === 'none') return x;
  if (mode === 'inference') return tf.div(x, Math.sqrt(1 + EPSILON));
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const share = runningShare(mode);
  if (share !== undefined) {
    const count = x.size / x.shape[3];
    const unbiased = (share * count) / Math.max(1, count - 1);
    const deviation = tf.sqrt(tf.add(tf.mul(variance, unbiased), 1 - share + EPSILON));
    return tf.div(tf.sub(x, tf.mul(mean, share)), deviation);
  }
  return tf.div(mode === 'batch' ? tf.sub(x, mean) : x, tf.sqrt(tf.add(variance, EPSILON)));
}
