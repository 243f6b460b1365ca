import { range } from '../axes.js';
import type { Layout } from '../model-file.js';

/**
 * Returns the layout of a weight that is named and stored as in Keras and Flax, outputs last. `dense/kernel` is
 * [inputs, outputs], `conv/kernel` [height, width, inputs, outputs]. Undefined for other names.
 * @param layerClass the class of the layer, where the file says it: `Conv2DTranspose` has its outputs before its inputs
 * @param groups of a convolution
 */
export function kernelLayout(
  name: string,
  shape: readonly number[],
  layerClass = '',
  groups?: number,
): Layout | undefined {
  const [, part = ''] =
    /(?:^|[./_])((?:depthwise|pointwise|recurrent)_kernel|kernel|embeddings?|query_embedding)(?::0|_\d+)?$/.exec(
      name,
    ) ?? [];
  const last = shape.length - 1;
  if (part === '' || last < 1) return undefined;
  const before = range(0, last);
  if (/^embedding/.test(part)) return { kind: 'embedding', rows: before, columns: [last] };
  const positions = range(0, last - 1);
  const isDepthwise =
    part === 'depthwise_kernel' || (/^Depthwise|^Separable/.test(layerClass) && part !== 'pointwise_kernel');
  if (isDepthwise && last >= 2)
    return { kind: 'depthwise convolution', rows: [last - 1, last], columns: positions };
  if (/Transpose$/.test(layerClass) && last >= 2)
    return { kind: 'transposed convolution', rows: [last - 1], columns: [last, ...positions] };
  const isHeads = last === 2 && /(^|[./])(query|key|value|query_dense|key_dense|value_dense)[./]/.test(name);
  if (isHeads) return { kind: 'linear', rows: [1, 2], columns: [0] };
  if (last === 2 && /(^|[./])(attention_output|output_dense|out|o)[./]/.test(name))
    return { kind: 'linear', rows: [2], columns: [0, 1] };
  if (part === 'recurrent_kernel' || /^(LSTM|GRU|SimpleRNN)/.test(layerClass))
    return { kind: 'recurrent', rows: [last], columns: before };
  if (last === 1) return { kind: 'linear', rows: [1], columns: [0] };
  // as out x (in k k), whatever the order in the file
  return { kind: 'convolution', rows: [last], columns: [last - 1, ...positions], groups };
}
