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

/** Returns the layers of a Keras configuration, those of models inside it too. Other entries are ignored. */
export function kerasLayers(config: unknown): KerasLayer[] {
  const layers: KerasLayer[] = [];
  const visit = (value: unknown, depth: number, previous?: string): string | undefined => {
    if (!isObject(value) || depth > MAX_DEPTH || layers.length > MAX_LAYERS) return undefined;
    const own = isObject(value['config']) ? value['config'] : {};
    const name = text(own['name']) ?? text(value['name']) ?? '';
    const className = text(value['class_name']) ?? '';
    const inner = own['layers'] ?? (Array.isArray(value['config']) ? value['config'] : undefined);
    if (Array.isArray(inner)) {
      let last: string | undefined;
      const isSequential = className === 'Sequential';
      for (const layer of inner) last = visit(layer, depth + 1, isSequential ? last : undefined) ?? last;
      return name;
    }
    if (className === '') return undefined;
    const inbound = inboundNames(value['inbound_nodes']);
    layers.push({
      className,
      name,
      config: own,
      inbound: inbound.length > 0 || !previous ? inbound : [previous],
    });
    // a wrapper, such as TimeDistributed or Bidirectional
    if (isObject(own['layer'])) visit(own['layer'], depth + 1);
    return name;
  };
  visit(config, 0);
  return layers;
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
