import { invalid } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import { type TensorDtype, formOf } from '../dtypes.js';
import { type Elements, storedElements } from '../elements.js';
import type { Format } from '../format.js';
import type { ModelFile } from '../model-file.js';
import { ByteCursor } from '../byte-cursor.js';
import { PyCall, PyDict, PyList, PyStorage, type PyValue } from '../pickle/python-values.js';
import { unpickle } from '../pickle/unpickle.js';
import { withScales } from '../with-scales.js';
import { calledNote } from './called-note.js';
import { storageOf } from './found-tensor.js';
import { storageSize } from './torch-dtypes.js';
import { torchTensors } from './torch-tensors.js';

/** Files of torch.save before 1.6, or with `_use_new_zipfile_serialization=False`, and plain pickles. */
export const torchLegacyFormat: Format = {
  name: 'torch-legacy',
  label: '.pt, .pth, .bin and .ckpt of torch.save',
  matches: ({ bytes, name }) =>
    (bytes[0] === 0x80 && bytes[1]! >= 1 && bytes[1]! <= 5) || /\.(pkl|pickle|pt|pth|ckpt|bin)$/.test(name),
  open: openTorchLegacy,
};

/** The first pickle of such a file is this number. */
const MAGIC = 0x1950a86a20f9469cfc6cn;

async function openTorchLegacy(source: ByteSource): Promise<ModelFile> {
  const called = new Set<string>();
  const cursor = new ByteCursor(source);
  const first = unpickle(cursor, called);
  const isTorch = first === MAGIC;
  let root = first;
  let openStorage = (_key: string, _dtype: TensorDtype): Elements | undefined => undefined;
  if (isTorch) {
    unpickle(cursor, called); // the version of the protocol
    const system = unpickle(cursor, called);
    const littleEndian = !(system instanceof PyDict && system.get('little_endian') === false);
    root = unpickle(cursor, called);
    const places = storagePlaces(source, cursor, unpickle(cursor, called), storageSizes(root), littleEndian);
    openStorage = (key, dtype) => {
      const place = places.get(key);
      return (
        place &&
        storedElements(source, place.at, Math.floor(place.size / formOf(dtype).size), dtype, littleEndian)
      );
    };
  }
  const { tensors, skipped } = await torchTensors(root, openStorage);
  return withScales({
    format: isTorch ? 'torch-legacy' : 'pickle',
    path: source.name,
    tensors,
    skipped,
    notes: calledNote(called),
    close: () => source.close(),
  });
}

/** Returns the place of each storage. They follow one another, each behind its number of elements. */
function storagePlaces(
  source: ByteSource,
  cursor: ByteCursor,
  keys: PyValue,
  sizes: ReadonlyMap<string, number>,
  littleEndian: boolean,
): Map<string, { at: number; size: number }> {
  if (!(keys instanceof PyList)) throw invalid('torch file', 'no list of storages', 'one behind the pickle');
  const places = new Map<string, { at: number; size: number }>();
  for (const key of keys.items) {
    const name = String(key);
    const head = cursor.bytes(8, 8);
    const count = Number(new DataView(head.buffer).getBigInt64(0, littleEndian));
    const each = sizes.get(name);
    // without a tensor that uses it, nothing says how long its numbers are
    if (each === undefined)
      throw invalid('torch file', `storage ${name} of an unknown type`, 'storages of known types');
    const size = count * each;
    if (!(count >= 0 && cursor.at + size <= source.size))
      throw invalid('torch file', `storage ${name} of ${count} numbers`, 'within the file; is it truncated?');
    places.set(name, { at: cursor.at, size });
    cursor.at += size;
  }
  return places;
}

/** Returns the bytes of a number of all storages that the value names. */
function storageSizes(root: PyValue): Map<string, number> {
  const sizes = new Map<string, number>();
  const seen = new Set<PyValue>();
  const open: PyValue[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PyStorage) {
      const place = storageOf(value.id);
      const size = place && storageSize(place.type);
      if (place && size !== undefined) sizes.set(place.key, size);
    } else if (value instanceof PyDict) for (const pair of value.entries) open.push(...pair);
    else if (value instanceof PyList) for (const item of value.items) open.push(item);
    else if (value instanceof PyCall) {
      open.push(value.state ?? null, value.items);
      for (const item of [...value.args, ...value.extra]) open.push(item);
    }
  }
  return sizes;
}
