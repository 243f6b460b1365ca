import type { Topology } from '../../formats/tfjs/tfjs-format.js';

interface LayerConfig {
  readonly class_name?: unknown;
  readonly name?: unknown;
  readonly config?: { readonly name?: unknown } | undefined;
  readonly inbound_nodes?: unknown;
}
interface ModelConfig {
  readonly class_name?: string | undefined;
  readonly config: LayerConfig[] | { readonly layers: LayerConfig[]; readonly output_layers?: unknown };
}

/**
 * Returns a Keras model without the layers of a class and the layers that depend on them. Its outputs are the layers
 * that no other reads. Undefined where nothing would be left, or the class is in a model inside the model.
 */
export function withoutLayerClass(
  topology: Topology,
  className: string,
): { topology: Topology; removed: string[] } | undefined {
  const key = topology.model_config === undefined ? undefined : 'model_config';
  const model = (key ? topology[key] : topology) as ModelConfig;
  const layers = Array.isArray(model.config) ? model.config : model.config.layers;
  const isSequential = model.class_name === 'Sequential';
  const removed = new Set<string>();
  for (const layer of layers) {
    const takes = namesIn(layer.inbound_nodes);
    const follows = isSequential ? removed.size > 0 : takes.some((one) => removed.has(one));
    if (layer.class_name === className || follows) removed.add(nameOf(layer));
  }
  const left = layers.filter((layer) => !removed.has(nameOf(layer)));
  if (removed.size === 0 || left.every(({ class_name: one }) => one === 'InputLayer')) return undefined;
  const taken = new Set(left.flatMap((layer) => namesIn(layer.inbound_nodes)));
  const config = Array.isArray(model.config)
    ? left
    : {
        ...model.config,
        layers: left,
        ...(!isSequential && {
          output_layers: left
            .filter((layer) => !taken.has(nameOf(layer)) && layer.class_name !== 'InputLayer')
            .map((layer) => [nameOf(layer), 0, 0]),
        }),
      };
  const changed = { ...model, config };
  return { topology: (key ? { ...topology, [key]: changed } : changed) as Topology, removed: [...removed] };
}

const nameOf = ({ name, config }: LayerConfig) => String(config?.name ?? name);

/** Returns the names in [[['name', 0, 0, {}]]]. */
function namesIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  if (typeof value[0] === 'string') return [value[0]];
  return value.flatMap(namesIn);
}
