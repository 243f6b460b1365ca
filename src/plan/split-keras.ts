import type { Numbers } from '../formats/model-file.js';
import type { LayerFactors } from './plan-layer.js';
import { freshName } from './fresh-name.js';
import { biasOfTwo, turned, type NewTensor, type SplitLayer } from './split-graph.js';

interface KerasLayerJson {
  readonly class_name: string;
  readonly name?: string | undefined;
  readonly config: Readonly<Record<string, unknown>> & { readonly name?: string | undefined };
  readonly inbound_nodes?: readonly unknown[];
}

/**
 * Returns the topology of a Keras model of TensorFlow.js with one dense layer or 1 x 1 convolution as two. The second keeps
 * the name, the activation and what follows; it has a bias even where the one had none.
 * @param kernel the name of its weights, `conv/kernel`
 */
export async function splitKeras(
  topology: unknown,
  kernel: string,
  factors: LayerFactors,
  biasOf: (name: string) => Promise<Numbers | undefined>,
): Promise<SplitLayer<unknown>> {
  const parts = kernel.split('/');
  const layer = parts.at(-2) ?? '';
  const found = { count: 0, reason: '' };
  const down = freshName(`${layer}_first`, layerNames(topology));
  const changed = change(topology, layer, { name: down, rank: factors.first.rows }, found);
  if (found.reason !== '') return { reason: found.reason };
  if (found.count !== 1) return { reason: `the model has ${found.count} layers of its name` };
  const named = (owner: string, part: string) => [...parts.slice(0, -2), owner, part].join('/');
  const oldBias = named(layer, 'bias');
  const bias = await biasOf(oldBias);
  const isConvolution = found.count === 1 && isConvolutional(topology, layer);
  const matrix = (part: 'first' | 'second', name: string): NewTensor => {
    const { data, rows, columns } = factors[part];
    return {
      name,
      shape: [...(isConvolution ? [1, 1] : []), columns, rows],
      data: Float32Array.from(turned(data, rows, columns)),
    };
  };
  return {
    topology: changed,
    gone: [kernel, oldBias],
    tensors: [
      matrix('first', named(down, 'kernel')),
      matrix('second', kernel),
      { name: oldBias, shape: [factors.second.rows], data: Float32Array.from(biasOfTwo(factors, bias)) },
    ],
  };
}

function isLayer(value: unknown, name: string): value is KerasLayerJson {
  const layer = value as Partial<KerasLayerJson> | null;
  return typeof layer === 'object' && layer?.config?.name === name && typeof layer.class_name === 'string';
}

function isConvolutional(value: unknown, name: string): boolean {
  if (isLayer(value, name)) return value.class_name === 'Conv2D';
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((one) => isConvolutional(one, name))
  );
}

/** Returns the names of all layers of a topology. */
function layerNames(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return into;
  const name = (value as Partial<KerasLayerJson>).config?.name;
  if (name !== undefined) into.add(name);
  for (const one of Object.values(value)) layerNames(one, into);
  return into;
}

/** The first of the two layers. */
interface FirstLayer {
  readonly name: string;
  readonly rank: number;
}

/** Returns the topology with the layer split, wherever its list of layers is. */
function change(
  value: unknown,
  name: string,
  down: FirstLayer,
  found: { count: number; reason: string },
): unknown {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => {
      if (!isLayer(item, name)) return [change(item, name, down, found)];
      found.count++;
      const { class_name: kind, inbound_nodes: inbound } = item;
      if (kind !== 'Dense' && kind !== 'Conv2D') found.reason = `its layer is a ${kind}`;
      if (inbound && inbound.length !== 1) found.reason = `its layer is used ${inbound.length} times`;
      return split(item, down);
    });
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one, name, down, found)]));
}

function split(layer: KerasLayerJson, { name, rank }: FirstLayer): KerasLayerJson[] {
  const { config, inbound_nodes: inbound } = layer;
  const isConvolution = layer.class_name === 'Conv2D';
  const size = isConvolution ? 'filters' : 'units';
  const first = { ...config, name, [size]: rank, use_bias: false, activation: 'linear' };
  // the shape of the input belongs to the first layer of a sequence
  const { batch_input_shape: _, ...rest } = config;
  const second = { ...rest, use_bias: true, ...(isConvolution && { strides: [1, 1], padding: 'valid' }) };
  const isNamed = layer.name !== undefined;
  return [
    { ...layer, ...(isNamed && { name }), config: first },
    { ...layer, config: second, ...(inbound && { inbound_nodes: [[[name, 0, 0, {}]]] }) },
  ];
}
