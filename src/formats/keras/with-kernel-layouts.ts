import { kernelLayout } from '../layers/kernel-layout.js';
import type { NamedTensor } from '../model-file.js';
import { kerasLayers } from './keras-config.js';

/** Returns the tensors of a Keras model with their layouts. Names and the classes of the layers decide these. */
export function withKernelLayouts(tensors: readonly NamedTensor[], config: unknown): NamedTensor[] {
  const layers = new Map(kerasLayers(config).map((layer) => [layer.name, layer]));
  return tensors.map((tensor) => {
    const parts = tensor.name.replace(/:0$/, '').split('/').reverse();
    const layer = parts.map((part) => layers.get(part)).find((one) => one !== undefined);
    const groups = layer?.config['groups'];
    const layout = kernelLayout(
      tensor.name,
      tensor.shape,
      layer?.className,
      // a configuration without groups has none
      typeof groups === 'number' && Number.isInteger(groups) && groups > 0 ? groups : layer && 1,
    );
    return { ...tensor, layout };
  });
}
