import { npyHeaderEnd, parseNpyHeader } from '../../files/npy-header.js';
import { invalid, messageOf } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import { lengthOf, rowMajor, storedElements } from '../elements.js';
import type { Format } from '../format.js';
import type { ModelFile, NamedTensor, Skipped } from '../model-file.js';
import { tensorOf } from '../tensor-of.js';
import { withScales } from '../with-scales.js';
import type { ZipArchive } from '../zip/zip-archive.js';

/** A `.npy` file: one array, named by the file. */
export const npyFormat: Format = {
  name: 'npy',
  label: '.npy',
  matches: ({ bytes }) => bytes[0] === 0x93 && new TextDecoder().decode(bytes.subarray(1, 6)) === 'NUMPY',
  open: (source) => {
    const tensors = [npyTensor('array', source)];
    return { format: 'npy', path: source.name, tensors, skipped: [], notes: [], close: () => source.close() };
  },
};

/** Returns the arrays of a `.npz` archive. Arrays of objects or texts are skipped. */
export async function openNpz(source: ByteSource, zip: ZipArchive): Promise<ModelFile> {
  const tensors: NamedTensor[] = [];
  const skipped: Skipped[] = [];
  for (const entry of zip.names) {
    const name = entry.replace(/\.npy$/, '');
    if (name === entry) {
      skipped.push({ name: entry, reason: 'not an array of numpy' });
      continue;
    }
    const bytes = await zip.open(entry);
    try {
      tensors.push(npyTensor(name, bytes));
    } catch (error) {
      const message = messageOf(error);
      // a dtype that is not read; any other mistake is damage
      if (!/npy dtype/.test(message)) throw error;
      skipped.push({ name, reason: 'not an array of numbers' });
    }
  }
  return withScales({
    format: 'npz',
    path: source.name,
    tensors,
    skipped,
    notes: zip.notes,
    close: () => {
      zip.close();
      source.close();
    },
  });
}

/** Returns the array of a `.npy` file. @throws RangeError where its length is not that of its shape */
function npyTensor(name: string, bytes: ByteSource): NamedTensor {
  const end = npyHeaderEnd(bytes.read(0, Math.min(bytes.size, 12)));
  const start = bytes.read(0, Math.min(bytes.size, end));
  const { element, fortranOrder, shape, dataOffset } = parseNpyHeader(start);
  const length = lengthOf(shape);
  const size = length * element.size;
  if (shape.length > 64 || bytes.size - dataOffset !== size)
    throw invalid(
      `array ${name}`,
      `${bytes.size - dataOffset} bytes`,
      `${size}, as its shape (${shape.join(', ')}) says`,
    );
  const elements = storedElements(bytes, dataOffset, length, element.dtype, element.littleEndian);
  const strides = rowMajor(shape.toReversed()).toReversed();
  return tensorOf(name, shape, elements, fortranOrder ? { place: { offset: 0, strides } } : {});
}
