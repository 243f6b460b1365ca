import { invalid, unknown } from '../errors.js';
import { imagesInput, type NetworkLayer } from './network-layer.js';

/** The action at each layer of a walk. T is a tensor, a graph node or a place in memory. */
export interface LayerWalk<T> {
  /** Returns the output of a layer, given its inputs. */
  readonly apply: (layer: NetworkLayer, inputs: readonly T[], index: number) => T;
  /** Called once for each value but the result, when no later layer reads it. */
  readonly free?: ((value: T) => void) | undefined;
  /** Called with each output, after the values that this layer was the last to read are freed. */
  readonly visit?: ((layer: NetworkLayer, output: T, index: number) => void) | undefined;
}

/**
 * Returns the output of the last layer, given the value of `images`. This is the one walk along the edges: layers are
 * applied in forward order, and each value is freed behind its last reader. If a step throws, all values are freed.
 *
 * @throws RangeError where a layer reads what no earlier one puts out, or two layers share a name
 * @example
 * walkLayers(layers, 'images', { apply: ({ name }, inputs) => `${name}(${inputs.join(', ')})` });
 */
export function walkLayers<T>(
  layers: readonly NetworkLayer[],
  images: T,
  { apply, free, visit }: LayerWalk<T>,
): T {
  const { inputs, lastUse } = layerEdges(layers);
  const values = new Map([[0, images]]);
  const drop = (place: number) => {
    const value = values.get(place) as T;
    if (values.delete(place)) free?.(value);
  };
  try {
    for (const [i, layer] of layers.entries()) {
      const places = inputs[i] ?? [];
      const output = apply(
        layer,
        places.map((place) => values.get(place) as T),
        i,
      );
      values.set(i + 1, output);
      for (const place of places) if (lastUse[place] === i) drop(place);
      visit?.(layer, output, i);
      if (lastUse[i + 1] === i && i + 1 < layers.length) drop(i + 1);
    }
    const result = values.get(layers.length) as T;
    values.delete(layers.length);
    return result;
  } finally {
    for (const place of [...values.keys()]) drop(place);
  }
}

/** The edges as numbers: place 0 is the images, place i + 1 the output of layer i. */
export interface LayerEdges {
  /** The places that each layer reads. */
  readonly inputs: readonly (readonly number[])[];
  /** The last layer that reads each place. A place that no layer reads has the layer that made it. */
  readonly lastUse: readonly number[];
}

/** Returns the edges of layers in forward order. @throws as {@link walkLayers} */
export function layerEdges(layers: readonly NetworkLayer[]): LayerEdges {
  const places = new Map([[imagesInput, 0]]);
  const lastUse = [-1];
  const inputs = layers.map((layer, i) => {
    const own = layer.inputs.map((name) => {
      const place = places.get(name);
      if (place === undefined) throw unknown(`input of ${layer.name}`, name, ['images', 'an earlier layer']);
      lastUse[place] = i;
      return place;
    });
    if (places.has(layer.name)) throw invalid('name of a layer', layer.name, 'one that no other layer has');
    places.set(layer.name, i + 1);
    lastUse.push(i);
    return own;
  });
  return { inputs, lastUse };
}
