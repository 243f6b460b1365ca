import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { invalid, missing } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import type { ModelFile } from './model-file.js';
import { openSharded } from './sharded.js';

/** Names of the files of a model, preferred ones first; each entry is one kind. */
const kinds: readonly RegExp[] = [
  /\.safetensors\.index\.json$/,
  /-\d{5}-of-\d{5}\.safetensors$/,
  /^(?!adapter).*\.safetensors$/,
  /\.safetensors$/,
  /\.bin\.index\.json$/,
  /-\d{5}-of-\d{5}\.bin$/,
  /^pytorch_model\.bin$/,
  /^model\.json$/,
  /^adapter_model\.bin$/,
  /\.(pt|pth|ckpt)$/,
  /\.onnx$/,
  /\.keras$/,
  /\.(h5|hdf5)$/,
  /\.npz$/,
];

/**
 * Returns the model in a folder: sharded or single files, the kinds in the order of preference above.
 * @throws RangeError for a folder with no model, or with several of the preferred kind, which it lists
 */
export async function openFolder(
  folder: string,
  openFile: (path: string) => Promise<ModelFile>,
): Promise<ModelFile> {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (cause) {
    throw Object.assign(missing('model folder', folder, reasonOf(cause)), { cause });
  }
  for (const kind of kinds) {
    const own = names.filter((name) => kind.test(name));
    const [first, ...others] = own;
    if (first === undefined) continue;
    if (first.includes('-of-'))
      return openSharded(
        own.map((name) => join(folder, name)),
        openFile,
      );
    if (others.length > 0) throw invalid('model folder', folder, `one model; name it: ${own.join(', ')}`);
    return openFile(join(folder, first));
  }
  const other = foreign.find(({ name }) => names.some((one) => name.test(one)));
  if (other) throw invalid('model folder', `${folder}, ${other.is}`, other.remedy);
  throw missing(
    'model',
    folder,
    'expected a folder with a model in it, such as model.safetensors or model.json',
  );
}

/** Models whose files are not read, by a name in their folder. */
const foreign: readonly { readonly name: RegExp; readonly is: string; readonly remedy: string }[] = [
  {
    name: /^saved_model\.pb(txt)?$/,
    is: 'a TensorFlow SavedModel',
    remedy: 'one that Keras saved as .keras or .h5, or that tensorflowjs_converter made',
  },
  {
    name: /\.data-\d{5}-of-\d{5}$/,
    is: 'a checkpoint of TensorFlow',
    remedy: 'one that Keras saved as .keras or .h5',
  },
  { name: /\.msgpack$/, is: 'a model of Flax', remedy: 'one saved as .safetensors' },
  { name: /\.gguf$/, is: 'a GGUF model of packed integers', remedy: 'the model it was converted from' },
];
