import { invalid, unknown } from '../../errors.js';
import { inFile } from '../../files/in-file.js';
import { readNamed } from '../../files/read-named.js';
import { loadNetwork } from '../../models/network-files.js';
import { checkParameters, type Parameters } from '../../models/parameters.js';
import { readRexNet } from '../../models/read-rexnet.js';
import type { Network } from '../../networks/network.js';

/**
 * Returns the weights of a network from a file or folder. It is a `.safetensors` file with the names of the ReXNet
 * authors, or a folder that `saveNetwork` wrote (or its `model.json`).
 *
 * @param prefix prefix of the names, for a `.safetensors` file with several copies
 * @throws RangeError for another file, or with a list of all names and shapes that do not match
 */
export async function readWeights(network: Network, path: string, prefix?: string): Promise<Parameters> {
  if (path.endsWith('.safetensors')) {
    const bytes = await readNamed('weights', path);
    return inFile(path, () => readRexNet(network, bytes, { prefix }));
  }
  if (prefix !== undefined) throw invalid('weights-prefix', prefix, 'only with a .safetensors file');
  if (/\.(pth|pt|bin|h5|onnx|npz)$/i.test(path)) {
    throw unknown('kind of weights', path, ['.safetensors of a ReXNet', 'a folder with a model.json']);
  }
  const { parameters } = await loadNetwork(path.replace(/\/?model\.json$/, '') || '.');
  return inFile(path, () => checkParameters(network, parameters));
}
