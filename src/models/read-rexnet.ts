import { invalid } from '../errors.js';
import { entryOf } from '../lookups.js';
import { readSafetensors } from '../formats/safetensors/read-safetensors.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { maybe, readOptions, strict, textTo, type OptionEntries } from '../schema.js';
import { checkMismatches, shapeMismatches } from './mismatches.js';
import {
  checkNumbers,
  type Parameter,
  type Parameters,
  type ParameterShape,
  parameterShapes,
} from './parameters.js';
import { rexNetNames } from './rexnet-names.js';
import { withoutPrefix } from './shared-prefix.js';
import { fromTorchLayout, torchShape } from './torch-layout.js';

export interface StateDictOptions {
  /** The prefix of the names, for files with several copies of them, such as `model.` and `ema.module.`. */
  readonly prefix?: string | undefined;
}

const stateDictOptions = strict({ prefix: maybe(textTo(1000, 0)) } satisfies OptionEntries<StateDictOptions>);

/**
 * Returns the parameters of a ReXNet from a `.safetensors` file with a state dict of the authors' code. The numbers may
 * be float16, bfloat16, float32 or float64. PyTorch's counts of batches are left out, and any prefix that all names
 * share, as `module.` of a parallel model or `_orig_mod.` of a compiled one.
 *
 * @throws RangeError that lists the names and shapes that do not match, names a tensor with NaN, infinity or a negative
 * variance, or the prefixes of several copies; as `readSafetensors`
 * @example
 * const parameters = readRexNet(rexNet(), await readFile('rexnetv1_1.0x.safetensors'));
 */
export function readRexNet(network: Network, bytes: Uint8Array, options: StateDictOptions = {}): Parameters {
  const { prefix } = readOptions(stateDictOptions, options);
  const places = rexNetNames(networkLayers(network));
  if (places.size !== parameterShapes(network).length) {
    throw invalid(
      'network for a state dict of ReXNet',
      network.name,
      'rexnet-W, whose head is not hidden layers',
    );
  }
  const counted = [...readSafetensors(bytes)].filter(([name]) => !name.endsWith('.num_batches_tracked'));
  const stored = withoutPrefix(new Map(counted), new Set(places.keys()), prefix);
  const mismatches = shapeMismatches(
    new Map([...places].map(([name, place]) => [name, authorsShape(place)])),
    new Map([...stored].map(([name, { shape }]) => [name, shape])),
  );
  checkMismatches(network.name, mismatches);
  return new Map(
    [...places].map(([name, place]): [string, Parameter] => {
      const data = entryOf(stored, name).read();
      checkNumbers(name, place.role, data);
      return [place.name, fromTorchLayout(place, data)];
    }),
  );
}

/** The authors' classifier is a convolution with one pixel. */
function authorsShape(place: ParameterShape): number[] {
  const shape = torchShape(place);
  return place.layer.kind === 'linear' && place.role === 'weight' ? [...shape, 1, 1] : shape;
}
