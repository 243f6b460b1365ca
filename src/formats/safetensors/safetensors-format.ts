import type { ByteSource } from '../byte-source.js';
import { lengthOf, storedElements } from '../elements.js';
import type { Format } from '../format.js';
import type { ModelFile, NamedTensor, Skipped } from '../model-file.js';
import { tensorOf } from '../tensor-of.js';
import { withScales } from '../with-scales.js';
import { dtypeOf } from './safetensors-dtypes.js';
import { readHeader } from './safetensors-header.js';

/** `.safetensors`: a JSON header, then the numbers (https://huggingface.co/docs/safetensors). */
export const safetensorsFormat: Format = {
  name: 'safetensors',
  label: '.safetensors',
  matches: ({ bytes, name }) => name.endsWith('.safetensors') || startsAsHeader(bytes),
  open: openSafetensors,
};

/** Returns the tensors of one file. @throws RangeError as `readHeader` */
export async function openSafetensors(source: ByteSource): Promise<ModelFile> {
  const { entries, data } = readHeader(source);
  const tensors: NamedTensor[] = [];
  const skipped: Skipped[] = [];
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const known = dtypeOf(dtype);
    if (!known) skipped.push({ name, reason: `numbers of type ${dtype} are not read` });
    else tensors.push(tensorOf(name, shape, storedElements(data, data_offsets[0], lengthOf(shape), known)));
  }
  return withScales({
    format: 'safetensors',
    path: source.name,
    tensors,
    skipped,
    notes: [],
    close: () => source.close(),
  });
}

/** A length whose upper half is zero, then a brace. Files without an ending are recognised by it. */
function startsAsHeader(bytes: Uint8Array): boolean {
  return bytes.length >= 9 && bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
}
