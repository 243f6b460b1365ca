import { lastOf } from '../../lookups.js';
import type { NamedTensor } from '../model-file.js';
import type { AttributeValue, GraphNode, ModelGraph } from '../model-graph.js';
import { type KerasLayer, kerasLayers, outputLayers } from './keras-config.js';

/** The weights of a layer in the order in which a node has them. */
const order = ['kernel', 'depthwise_kernel', 'pointwise_kernel', 'recurrent_kernel', 'embeddings'];
const normalizationOrder = ['gamma', 'beta', 'moving_mean', 'moving_variance'];

/**
 * Returns the layers of a Keras model as a graph. Each layer is a node, whose inputs are the layer's inputs, then its
 * weights.
 */
export function kerasGraph(config: unknown, tensors: readonly NamedTensor[]): ModelGraph {
  const layers = kerasLayers(config);
  const byLayer = new Map<string, Map<string, string>>();
  for (const { name } of tensors) {
    const parts = name.replace(/:0$/, '').split('/');
    const layer = parts.at(-2) ?? '';
    const weights = byLayer.get(layer) ?? new Map<string, string>();
    byLayer.set(layer, weights.set(lastOf(parts), name));
  }
  const nodes = layers.map((layer) => nodeOf(layer, byLayer.get(layer.name)));
  const taken = new Set(layers.flatMap(({ inbound }) => inbound));
  const there = new Set(layers.map(({ name }) => name));
  const named = outputLayers(config);
  const isNamed = named.length > 0 && named.every((name) => there.has(name));
  return {
    nodes: nodes.filter(({ op }) => op !== 'InputLayer'),
    inputs: layers.filter(({ className }) => className === 'InputLayer').map(({ name }) => ({ name })),
    outputs: layers
      .filter(({ name }) => (isNamed ? named.includes(name) : !taken.has(name)))
      .map(({ name }) => ({ name })),
  };
}

function nodeOf(
  { className, name, config, inbound }: KerasLayer,
  weights: ReadonlyMap<string, string> = new Map(),
): GraphNode {
  const isNormalization = className.startsWith('BatchNormalization');
  const own = isNormalization
    ? normalizationOrder.map((part) => weights.get(part) ?? '')
    : [...order, 'bias'].flatMap((part) => weights.get(part) ?? []);
  const attributes = new Map<string, AttributeValue>();
  for (const [key, value] of Object.entries(config)) if (isAttribute(value)) attributes.set(key, value);
  return { name, op: className, inputs: [...inbound, ...own], outputs: [name], attributes };
}

function isAttribute(value: unknown): value is AttributeValue {
  if (Array.isArray(value)) {
    const [kind] = value.map((item) => typeof item);
    return (kind === 'number' || kind === 'string') && value.every((item) => typeof item === kind);
  }
  return ['number', 'string', 'boolean'].includes(typeof value);
}
