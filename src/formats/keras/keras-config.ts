/** A layer of a Keras model as its configuration describes it. */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers whose outputs are its inputs. */
  readonly inbound: readonly string[];
}

/** The most layers that are read; those of nested models count together. */
const MAX_LAYERS = 100_000;
const MAX_DEPTH = 50;

/**
 * Returns the layers of a Keras configuration, those of models inside it too. Other entries are ignored. A sequence that
 * begins without an InputLayer gets one, `NAME_input`, as Keras itself names it.
 */
export function kerasLayers(config: unknown): KerasLayer[] {
  const layers: KerasLayer[] = [];
  const visit = (value: unknown, depth: number, previous?: string, isFirst = false): string | undefined => {
    if (!isObject(value) || depth > MAX_DEPTH || layers.length > MAX_LAYERS) return undefined;
    const own = isObject(value['config']) ? value['config'] : {};
    const name = text(own['name']) ?? text(value['name']) ?? '';
    const className = text(value['class_name']) ?? '';
    const inner = own['layers'] ?? (Array.isArray(value['config']) ? value['config'] : undefined);
    if (Array.isArray(inner)) {
      let last: string | undefined;
      const isSequential = className === 'Sequential';
      for (const [i, layer] of inner.entries())
        last = visit(layer, depth + 1, isSequential ? last : undefined, isSequential && i === 0) ?? last;
      return name;
    }
    if (className === '') return undefined;
    const named = inboundNames(value['inbound_nodes']);
    const isOpen = isFirst && className !== 'InputLayer';
    if (isOpen) layers.push({ className: 'InputLayer', name: `${name}_input`, config: {}, inbound: [] });
    const before = isOpen ? `${name}_input` : previous;
    layers.push({
      className,
      name,
      config: own,
      inbound: named.length > 0 || !before ? named : [before],
    });
    // a wrapper, such as TimeDistributed or Bidirectional
    if (isObject(own['layer'])) visit(own['layer'], depth + 1);
    return name;
  };
  visit(config, 0);
  return layers;
}

/** Returns the names of the layers whose outputs a model puts out; none if its configuration does not tell. */
export function outputLayers(config: unknown): string[] {
  if (!isObject(config)) return [];
  const own = isObject(config['config']) ? config['config'] : {};
  if (config['class_name'] !== 'Sequential') return inboundNames(own['output_layers']);
  const layers = own['layers'] ?? config['config'];
  const last: unknown = Array.isArray(layers) ? layers.at(-1) : undefined;
  const name = isObject(last) && isObject(last['config']) ? text(last['config']['name']) : undefined;
  return name === undefined ? [] : [name];
}

/** Keras 2 has [[['name', 0, 0, {}]]]. Keras 3 has the history of each tensor: { keras_history: ['name', 0, 0] }. */
function inboundNames(value: unknown): string[] {
  const names: string[] = [];
  const visit = (one: unknown, depth: number): void => {
    if (depth > 12 || names.length > 1000) return;
    if (Array.isArray(one)) {
      if (typeof one[0] === 'string' && typeof one[1] === 'number') names.push(one[0]);
      else for (const item of one) visit(item, depth + 1);
    } else if (isObject(one)) for (const item of Object.values(one)) visit(item, depth + 1);
  };
  visit(value, 0);
  return names;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
