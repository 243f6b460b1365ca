import type { NamedTensor } from '../model-file.js';
import { type KerasLayer, kerasLayers } from './keras-config.js';

/** Names of the weights of a layer, in the order in which Keras 3 numbers them. */
const variables: ReadonlyMap<string, readonly string[]> = new Map([
  ['BatchNormalization', ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  ['LayerNormalization', ['gamma', 'beta']],
  ['DepthwiseConv1D', ['depthwise_kernel', 'bias']],
  ['DepthwiseConv2D', ['depthwise_kernel', 'bias']],
  ['SeparableConv1D', ['depthwise_kernel', 'pointwise_kernel', 'bias']],
  ['SeparableConv2D', ['depthwise_kernel', 'pointwise_kernel', 'bias']],
  ['Embedding', ['embeddings']],
  ['LSTM', ['kernel', 'recurrent_kernel', 'bias']],
  ['GRU', ['kernel', 'recurrent_kernel', 'bias']],
  ['SimpleRNN', ['kernel', 'recurrent_kernel', 'bias']],
]);
const usual = ['kernel', 'bias'];

/**
 * Returns the tensors of Keras 3 with the names of their layers. `layers/conv2d_1/vars/0` becomes `conv/kernel` if the
 * second layer of the class Conv2D is called `conv`. Keras numbers layers of a class in the order of the configuration.
 */
export function nameKeras3(tensors: readonly NamedTensor[], config: unknown): NamedTensor[] {
  const byPath = new Map<string, KerasLayer>();
  const counts = new Map<string, number>();
  for (const layer of kerasLayers(config)) {
    const word = snakeCase(layer.className);
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    byPath.set(count === 0 ? word : `${word}_${count}`, layer);
  }
  return tensors.map((tensor) => {
    const [, path = '', inner = '', number = ''] =
      /^(?:_layer_checkpoint_dependencies|layers)\/([^/]+)\/(?:(.*)\/)?vars\/(\d+)$/.exec(tensor.name) ?? [];
    const layer = byPath.get(path);
    if (!layer) return tensor;
    const names = inner === '' || inner === 'cell' ? (variables.get(layer.className) ?? usual) : usual;
    const part = names[Number(number)] ?? `vars/${number}`;
    return { ...tensor, name: [layer.name, ...(inner && inner !== 'cell' ? [inner] : []), part].join('/') };
  });
}

/** Returns the name that Keras derives from a class: `conv2d_transpose` of `Conv2DTranspose`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
