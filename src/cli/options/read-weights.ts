import { unknown } from '../../errors.js';
import { readNamed } from '../../files/read-named.js';
import { loadNetwork } from '../../models/network-files.js';
import { checkParameters, type Parameters } from '../../models/parameters.js';
import { readRexNet } from '../../models/read-rexnet.js';
import type { Network } from '../../networks/network.js';

/**
 * Returns the weights of a network from a `.safetensors` file with the names of the ReXNet authors, or from a folder that
 * `saveNetwork` wrote (or its `model.json`).
 *
 * @throws RangeError for a file that is neither, or that lists all names and shapes that do not match
 */
export async function readWeights(network: Network, path: string): Promise<Parameters> {
  if (path.endsWith('.safetensors')) return readRexNet(network, await readNamed('weights', path));
  if (/\.(pth|pt|bin|h5|onnx|npz)$/i.test(path)) {
    throw unknown('kind of weights', path, ['.safetensors of a ReXNet', 'a folder with a model.json']);
  }
  const { parameters } = await loadNetwork(path.replace(/\/?model\.json$/, '') || '.');
  return checkParameters(network, parameters);
}
