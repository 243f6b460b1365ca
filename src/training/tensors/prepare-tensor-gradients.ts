import { missing } from '../../errors.js';
import { useBackend } from '../../layers/backend.js';
import { tf } from '../../layers/tensors.js';
import { gradientKernels } from './convolution-tensor.js';

/**
 * Activates a tensor backend where none is active, and checks that networks can be trained on it.
 * @throws RangeError that names the backend and the gradients that it has not
 */
export async function prepareTensorGradients(): Promise<void> {
  // the proxy has nothing until a backend was started
  if (!('getBackend' in tf) || !tf.getBackend()) await useBackend('auto');
  const backend = tf.getBackend();
  const kernels = new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
  const without = gradientKernels.filter((name) => !kernels.has(name));
  if (without.length > 0) {
    throw missing(
      'gradients',
      `${without.join(', ')} of the tensor backend ${backend}`,
      'the engine tfjs needs @tensorflow/tfjs-node, which has all; the engine kernels needs none of them',
    );
  }
}
