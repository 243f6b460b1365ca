import { unknown } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import { formOf } from '../dtypes.js';
import { storedElements } from '../elements.js';
import type { ModelFile, NamedTensor, Skipped } from '../model-file.js';
import { ByteCursor } from '../byte-cursor.js';
import { unpickle } from '../pickle/unpickle.js';
import { withScales } from '../with-scales.js';
import type { ZipArchive } from '../zip/zip-archive.js';
import { calledNote } from './called-note.js';
import { torchTensors } from './torch-tensors.js';

/** Returns the tensors of a zip archive of torch.save or torch.jit.save: `X/data.pkl` with storages `X/data/KEY`. */
export async function openTorchZip(source: ByteSource, zip: ZipArchive): Promise<ModelFile> {
  const main = zip.names.find(isTorchPickle) ?? 'data.pkl';
  const folder = main.slice(0, -'data.pkl'.length);
  const opened = new Map<string, ByteSource>();
  const order = zip.names.includes(`${folder}byteorder`)
    ? new TextDecoder().decode(await readAll(zip, `${folder}byteorder`)).trim()
    : 'little';
  if (order !== 'little' && order !== 'big') throw unknown('byteorder', order, ['little', 'big']);
  const called = new Set<string>();
  const tensors: NamedTensor[] = [];
  const skipped: Skipped[] = [];
  const isScript = zip.names.includes(`${folder}constants.pkl`);
  for (const [pickle, data, prefix] of [
    ['data.pkl', 'data/', ''],
    // a frozen TorchScript has its weights among the constants
    ['constants.pkl', 'constants/', 'constants.'],
  ] as const) {
    if (!zip.names.includes(folder + pickle)) continue;
    const root = unpickle(new ByteCursor(await zip.open(folder + pickle)), called);
    const found = await torchTensors(root, async (key, dtype) => {
      const name = `${folder}${data}${key}`;
      if (!zip.names.includes(name)) return undefined;
      let bytes = opened.get(name);
      if (!bytes) opened.set(name, (bytes = await zip.open(name)));
      return storedElements(bytes, 0, Math.floor(bytes.size / formOf(dtype).size), dtype, order === 'little');
    });
    tensors.push(...found.tensors.map((tensor) => ({ ...tensor, name: prefix + tensor.name })));
    skipped.push(...found.skipped.map(({ name, reason }) => ({ name: prefix + name, reason })));
  }
  zip.notes.push(...calledNote(called, isScript));
  return withScales({
    format: isScript ? 'torchscript' : 'torch',
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

/** Whether an entry is the pickle of an archive of torch. */
export function isTorchPickle(name: string): boolean {
  return /^([^/]+\/)?data\.pkl$/.test(name);
}

async function readAll(zip: ZipArchive, name: string): Promise<Uint8Array> {
  const bytes = await zip.open(name);
  return bytes.read(0, Math.min(bytes.size, 100));
}
