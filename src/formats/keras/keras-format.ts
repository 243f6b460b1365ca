import { latin1 } from '../../files/latin1.js';
import { invalid, messageOf } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import type { Format } from '../format.js';
import type { ModelFile, NamedTensor } from '../model-file.js';
import type { ZipArchive } from '../zip/zip-archive.js';
import { openHdf5 } from './hdf5.js';
import { kerasGraph } from './keras-graph.js';
import { nameKeras3 } from './name-keras-3.js';
import { withKernelLayouts } from './with-kernel-layouts.js';

/** HDF5: Keras models and weights, and any file of arrays. */
export const hdf5Format: Format = {
  name: 'hdf5',
  label: '.h5, .hdf5',
  matches: ({ bytes }) => latin1(bytes.subarray(0, 8)) === '\u0089HDF\r\n\u001a\n',
  open: (source) => openKeras(source),
};

/** Whether the entries are those of a `.keras` archive. */
export function isKerasArchive(names: readonly string[]): boolean {
  return names.includes('model.weights.h5');
}

/** Returns the model of a `.keras` archive: configuration and weights are entries of it. */
export async function openKerasArchive(source: ByteSource, zip: ZipArchive): Promise<ModelFile> {
  const weights = await zip.open('model.weights.h5');
  const config = zip.names.includes('config.json') ? await readConfig(zip) : undefined;
  const model = await openKeras(weights, config);
  const close = () => {
    model.close();
    zip.close();
    source.close();
  };
  return { ...model, path: source.name, format: 'keras', notes: [...model.notes, ...zip.notes], close };
}

async function openKeras(source: ByteSource, given?: string): Promise<ModelFile> {
  const file = await openHdf5(source);
  try {
    const text = given ?? file.attribute('model_config');
    const config = text === undefined ? undefined : parseConfig(text);
    const isOptimiser = (name: string) => /^(optimizer|optimizer_weights)\//.test(name);
    const weights = file.tensors.filter(({ name }) => !isOptimiser(name)).map(withoutRoot);
    const states = file.tensors.filter(({ name }) => isOptimiser(name));
    const named = config === undefined ? weights : nameKeras3(weights, config);
    const reason = 'a state of the optimiser, which the model does not use';
    return {
      format: config === undefined ? 'hdf5' : 'keras',
      path: source.name,
      tensors: withKernelLayouts(named, config),
      skipped: [...file.skipped, ...states.map(({ name }) => ({ name, reason }))],
      notes: [],
      graph: config === undefined ? undefined : kerasGraph(config, named),
      close: () => {
        file.close();
        source.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Keras puts the weights of a layer into `model_weights/LAYER/LAYER/kernel:0`. */
function withoutRoot(tensor: NamedTensor): NamedTensor {
  return { ...tensor, name: tensor.name.replace(/^model_weights\//, '').replace(/^([^/]+)\/\1\//, '$1/') };
}

/** Bytes of a configuration; text in JavaScript has at most twice as many characters. */
const MAX_CONFIG = 2 ** 28;

async function readConfig(zip: ZipArchive): Promise<string> {
  const bytes = await zip.open('config.json');
  if (bytes.size > MAX_CONFIG) throw invalid('config.json', `${bytes.size} bytes`, `at most ${MAX_CONFIG}`);
  return new TextDecoder().decode(bytes.read(0, bytes.size));
}

function parseConfig(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(invalid('configuration of the Keras model', messageOf(cause), 'JSON'), { cause });
  }
}
