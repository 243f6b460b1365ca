import type { NetworkLayer } from '../networks/network-layer.js';
import { layerParameters, type ParameterRole, type ParameterShape } from './parameters.js';

/**
 * Returns the name of each parameter in a state dict of the ReXNet authors' code. Modules are numbered in the order in
 * which they are applied, those without tensors included (https://github.com/clovaai/rexnet, rexnetv1.py).
 *
 * @param layers the layers of the network
 */
export function rexNetNames(layers: readonly NetworkLayer[]): Map<string, ParameterShape> {
  const names = new Map<string, ParameterShape>();
  const put = (layer: NetworkLayer, convolution: string, normalization: string) => {
    for (const parameter of layerParameters(layer)) {
      const { role } = parameter;
      const module = role === 'weight' || role === 'bias' ? convolution : normalization;
      names.set(`${module}.${torchRoles[role]}`, parameter);
    }
  };
  let feature = 0; // in `features`
  let module = 0; // in `out` of a block
  for (const layer of layers) {
    const { role, block } = layer;
    // A block is one module of `features`; stem and head are convolution, normalization, activation.
    const out = `features.${(block ?? 0) + 2}.out`;
    if (role === 'stem' || role === 'head') {
      put(layer, `features.${feature}`, `features.${feature + 1}`);
      feature += 3;
    } else if (role === 'classifier') {
      put(layer, 'output.1', ''); // after the dropout
    } else if (role === 'squeeze') {
      module -= 1; // it stands between the normalization and the activation
    } else if (role === 'reduce') {
      put(layer, `${out}.${module}.fc.0`, `${out}.${module}.fc.1`);
    } else if (role === 'excite') {
      put(layer, `${out}.${module}.fc.3`, '');
      module += 2;
    } else if (role === 'expand' || role === 'spatial' || role === 'project') {
      put(layer, `${out}.${module}`, `${out}.${module + 1}`);
      module += 3;
      if (role === 'project') {
        feature += 1;
        module = 0;
      }
    }
  }
  return names;
}

const torchRoles: Readonly<Record<ParameterRole, string>> = {
  weight: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};
