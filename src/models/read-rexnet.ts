import { invalid } from '../errors.js';
import { readSafetensors } from '../files/safetensors.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import {
  mismatch,
  type Parameter,
  type Parameters,
  type ParameterShape,
  parameterShapes,
  shapeMismatches,
} from './parameters.js';
import { rexNetNames } from './rexnet-names.js';
import { fromTorchLayout, torchShape } from './torch-layout.js';

/**
 * Returns the parameters of a ReXNet from the bytes of a `.safetensors` file that holds a state dict of the authors'
 * code (float16, bfloat16, float32 or float64). PyTorch's counts of batches are left out, and a prefix that all names
 * share, as `module.` of a parallel model.
 *
 * @throws RangeError that lists all names and shapes that do not match; as `readSafetensors`
 * @example
 * const parameters = readRexNet(rexNet(), await readFile('rexnetv1_1.0x.safetensors'));
 */
export function readRexNet(network: Network, bytes: Uint8Array): Parameters {
  const stored = new Map(
    [...readSafetensors(bytes)]
      .filter(([name]) => !name.endsWith('.num_batches_tracked'))
      .map(([name, tensor]) => [name.replace(/^(module|model)\./, ''), tensor]),
  );
  const places = rexNetNames(networkLayers(network));
  if (places.size !== parameterShapes(network).length) {
    throw invalid(
      'network for a state dict of ReXNet',
      network.name,
      'rexnet-W, whose head is not hidden layers',
    );
  }
  const problems = shapeMismatches(
    new Map([...places].map(([name, place]) => [name, authorsShape(place)])),
    new Map([...stored].map(([name, { shape }]) => [name, shape])),
  );
  if (problems.length > 0) throw mismatch(network.name, problems);
  return new Map(
    [...places].map(([name, place]): [string, Parameter] => [
      place.name,
      fromTorchLayout(place, stored.get(name)!.read()),
    ]),
  );
}

/** The authors' classifier is a convolution with one pixel. */
function authorsShape(place: ParameterShape): number[] {
  const shape = torchShape(place);
  return place.layer.kind === 'linear' && place.role === 'weight' ? [...shape, 1, 1] : shape;
}
