import { invalid } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import type { Format } from '../format.js';
import { isKerasArchive, openKerasArchive } from '../keras/keras-format.js';
import type { ModelFile } from '../model-file.js';
import { openNpz } from '../numpy/npz-format.js';
import { isTorchPickle, openTorchZip } from '../torch/torch-zip.js';
import { openZip, type ZipArchive } from './zip-archive.js';

interface ZipKind {
  matches(names: readonly string[]): boolean;
  open(source: ByteSource, zip: ZipArchive): Promise<ModelFile>;
}

/** The formats that are zip archives, known by the names of their entries. */
const kinds: readonly ZipKind[] = [
  { matches: (names) => names.some(isTorchPickle), open: openTorchZip },
  { matches: isKerasArchive, open: openKerasArchive },
  { matches: (names) => names.some((name) => name.endsWith('.npy')), open: openNpz },
];

/** Zip archives of torch, Keras and numpy. */
export const zipFormat: Format = {
  name: 'zip',
  label: '.keras, .npz',
  matches: ({ bytes }) => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5),
  async open(source) {
    const zip = await openZip(source);
    const kind = kinds.find(({ matches }) => matches(zip.names));
    if (!kind) {
      const found = `${source.name}, a zip archive of ${zip.names.slice(0, 5).join(', ') || 'nothing'}`;
      throw invalid(
        'model file',
        found,
        'an archive of torch.save, Keras or numpy.savez; unpack others first',
      );
    }
    try {
      return await kind.open(source, zip);
    } catch (error) {
      zip.close();
      throw error;
    }
  },
};
