import type * as h5wasm from 'h5wasm';
import { invalid, messageOf } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import { type TensorDtype, formOf } from '../dtypes.js';
import { decodeNumbers } from '../decode-numbers.js';
import { lengthOf, rowMajor } from '../elements.js';
import type { NamedTensor, Numbers, Skipped } from '../model-file.js';
import { tensorOf } from '../tensor-of.js';

type Library = typeof h5wasm;
type Dataset = InstanceType<Library['Dataset']>;
type Module = Awaited<Library['ready']>;

/** The content of an HDF5 file: its datasets of numbers by their paths, and texts among its root's attributes. */
export interface Hdf5File {
  readonly tensors: NamedTensor[];
  readonly skipped: Skipped[];
  /** The value of an attribute of the root that is text, else undefined. */
  attribute(name: string): string | undefined;
  close(): void;
}

/** Groups in one another, and objects of a file. */
const MAX_DEPTH = 60;
const MAX_OBJECTS = 200_000;

/**
 * Returns the datasets of an HDF5 file. The library sees this one file, at a place in a file system of its own in memory
 * whose bytes are read from the source: links to other files lead nowhere.
 */
export async function openHdf5(source: ByteSource): Promise<Hdf5File> {
  const library = (await import('h5wasm')) as Library;
  const module = await library.ready;
  // errors become exceptions, not lines on the terminal
  module.activate_throwing_error_handler();
  const path = mount(module.FS as unknown as FileSystem, source);
  const unmount = () => (module.FS as unknown as FileSystem).unlink(path);
  let file: InstanceType<Library['File']>;
  try {
    file = new library.File(path, 'r');
    if (file.file_id < 0n) throw new Error('it cannot be opened');
  } catch (cause) {
    unmount();
    throw damaged(cause);
  }
  const close = () => {
    try {
      file.close();
    } finally {
      unmount();
    }
  };
  try {
    const attributes = file.attrs;
    const attribute = (name: string) => {
      try {
        const value = Object.hasOwn(attributes, name) ? attributes[name]!.value : undefined;
        return typeof value === 'string' ? value : undefined;
      } catch (cause) {
        throw damaged(cause);
      }
    };
    return { ...datasets(library, module, file, source.size), attribute, close };
  } catch (cause) {
    close();
    throw damaged(cause);
  }
}

function datasets(
  library: Library,
  module: Module,
  root: InstanceType<Library['File']>,
  fileSize: number,
): Pick<Hdf5File, 'tensors' | 'skipped'> {
  const tensors = new Map<string, NamedTensor>();
  const skipped: Skipped[] = [];
  const groups = new Set<string>();
  let objects = 0;
  /** Where the object lies in the file: hard links to one have the same. */
  const identity = (path: string) => module.create_object_reference(root.file_id, path).join();
  const visit = (group: InstanceType<Library['Group']>, path: string, depth: number) => {
    if (depth > MAX_DEPTH) throw new Error(`groups ${depth} deep in one another`);
    for (const key of group.keys()) {
      if (++objects > MAX_OBJECTS) throw new Error(`more than ${MAX_OBJECTS} objects`);
      const name = path === '' ? key : `${path}/${key}`;
      const entity = group.get(key);
      if (entity instanceof library.Dataset) {
        const at = identity(`/${name}`);
        const same = tensors.get(at);
        const place = { file: root.file_id, dataset: `/${name}`, module };
        const tensor = same ?? tensorIn(name, entity, place, fileSize);
        if (typeof tensor === 'string') skipped.push({ name, reason: tensor });
        else tensors.set(at, same ? { ...same, aliases: [...same.aliases, name] } : tensor);
      } else if (entity instanceof library.Group) {
        const at = identity(`/${name}`);
        // a group that lies in itself, or has two names
        if (groups.size < groups.add(at).size) visit(entity, name, depth + 1);
      } else if ((entity as { type?: string | undefined } | null)?.type === 'ExternalLink')
        skipped.push({ name, reason: 'a link to another file' });
    }
  };
  groups.add(identity('/'));
  visit(root, '', 0);
  return { tensors: [...tensors.values()], skipped };
}

/** Sizes beyond both are not stored data but zeros that were never written. */
const MAX_BYTES = 2 ** 28;
const MAX_RATIO = 1100;

/** Returns a dataset as a tensor, or the reason why it has no numbers. */
function tensorIn(name: string, dataset: Dataset, place: Place, fileSize: number): NamedTensor | string {
  const { shape, type, size, signed, virtual_sources, chunks } = dataset.metadata;
  // classes of HDF5: 0 integer, 1 float, 3 text
  const dtype = type === 1 ? floats[size] : type === 0 ? integers[size]?.[signed ? 0 : 1] : undefined;
  if (!dtype) return type === 3 ? 'text' : 'not an array of numbers';
  if (virtual_sources && virtual_sources.length > 0) return 'its numbers are in other files';
  const bytes = shape ? lengthOf(shape) * size : NaN;
  const isEmpty = bytes > MAX_BYTES && bytes > MAX_RATIO * fileSize;
  if (!shape || !Number.isSafeInteger(bytes) || isEmpty)
    return 'a shape of more numbers than the file can hold';
  const read = (start: number, count: number) => readFlat(name, place, shape, start, count, dtype);
  if (chunks === null && lengthOf(shape) > 0) {
    // only such data can be in other files, of which the metadata do not tell
    try {
      read(0, 1);
    } catch (error) {
      if (messageOf(error).includes('external')) return 'its numbers are in other files';
    }
  }
  return tensorOf(name, shape, { dtype, length: lengthOf(shape), read });
}

/** Bytes of a block that is read at once. */
const MAX_PIECE = 2 ** 30;

/** A dataset in an open file. */
interface Place {
  readonly file: bigint;
  readonly dataset: string;
  readonly module: Module;
}

const floats: Readonly<Record<number, TensorDtype>> = { 2: 'float16', 4: 'float32', 8: 'float64' };
const integers: Readonly<Record<number, readonly [TensorDtype, TensorDtype]>> = {
  1: ['int8', 'uint8'],
  2: ['int16', 'uint16'],
  4: ['int32', 'uint32'],
  8: ['int64', 'uint64'],
};

/** Returns numbers from a flat index on: whole slices along the first axis that has any, cut to size. */
function readFlat(
  name: string,
  place: Place,
  shape: readonly number[],
  start: number,
  count: number,
  dtype: TensorDtype,
): Numbers {
  if (count === 0) return decodeNumbers(new Uint8Array(), dtype);
  const axis = shape.findIndex((n) => n > 1);
  if (axis < 0)
    return numbersOf(
      name,
      place,
      shape.map(() => [0, 1] as const),
      dtype,
    );
  const width = rowMajor(shape)[axis]!;
  const first = Math.floor(start / width);
  const last = Math.ceil((start + count) / width);
  const ranges = shape.map((n, i) => (i === axis ? ([first, last] as const) : ([0, n] as const)));
  const numbers = numbersOf(name, place, ranges, dtype);
  const from = start - first * width;
  return numbers.subarray(from, from + count);
}

/** Returns the numbers of a block, from the bytes that the library gives: it has no array for float16. */
function numbersOf(
  name: string,
  { file, dataset, module }: Place,
  ranges: readonly (readonly [number, number])[],
  dtype: TensorDtype,
): Numbers {
  const counts = ranges.map(([from, to]) => to - from);
  const size = lengthOf(counts) * formOf(dtype).size;
  const big = (list: readonly number[]) => list.map(BigInt);
  const place = size < MAX_PIECE ? module._malloc(size) : 0;
  if (place === 0) throw invalid(`numbers of ${name}`, `${size} bytes at once`, `less than ${MAX_PIECE}`);
  try {
    const strides = ranges.map(() => 1n);
    const offsets = big(ranges.map(([from]) => from));
    const isWhole = ranges.length === 0;
    const [count, offset, stride] = isWhole ? [null, null, null] : [big(counts), offsets, strides];
    module.get_dataset_data(file, dataset, count, offset, stride, BigInt(place));
    return decodeNumbers(module.HEAPU8.slice(place, place + size), dtype);
  } catch (cause) {
    throw Object.assign(invalid(`numbers of ${name}`, reasonIn(cause), 'numbers that HDF5 can read'), {
      cause,
    });
  } finally {
    module._free(place);
  }
}

function damaged(cause: unknown): RangeError {
  return Object.assign(invalid('HDF5 file', reasonIn(cause), 'a whole HDF5 file; is it truncated?'), {
    cause,
  });
}

/** Returns the innermost reason of the library's list of calls. */
function reasonIn(cause: unknown): string {
  const message = messageOf(cause);
  const reasons = [...message.matchAll(/\(\): (.+)$/gm)].map(([, reason = '']) => reason.trim());
  return reasons.at(-1) ?? (/HDF5|memory|function|Abort/.test(message) ? 'damaged' : message);
}

/** The part of Emscripten's file system that is used. */
interface FileSystem {
  createDataFile(folder: string, name: string, data: Uint8Array, read: boolean, write: boolean): Node;
  unlink(path: string): void;
  lookupPath(path: string): { node: Node };
}

interface Node {
  usedBytes: number;
  stream_ops: Record<string, unknown>;
  node_ops: Record<string, unknown>;
  size?: number | undefined;
}

let mounted = 0;

/** Puts a file into the library's own file system whose bytes are those of the source, read where they lie. */
function mount(system: FileSystem, source: ByteSource): string {
  const name = `model-${mounted++}`;
  system.createDataFile('/', name, new Uint8Array(), true, false);
  const { node } = system.lookupPath(`/${name}`);
  Object.defineProperty(node, 'usedBytes', { get: () => source.size, set: () => {} });
  node.stream_ops = {
    ...node.stream_ops,
    read: (_: unknown, buffer: Uint8Array, offset: number, length: number, position: number) => {
      const count = Math.max(0, Math.min(length, source.size - position));
      if (count === 0) return 0;
      const bytes = source.read(position, count);
      // nothing is read of such a heap, and the library then names it as damage
      if (isEndlessHeap(bytes)) return 0;
      buffer.set(bytes, offset);
      return count;
    },
  };
  return `/${name}`;
}

/**
 * Whether the bytes begin with a global heap whose free space has size 0. HDF5 would loop over it for ever. Its objects
 * have 16 bytes (number, 0 of free space, and size) before their data, which are padded to 8 bytes; the size of free
 * space includes these 16 (HDF5 File Format Specification, III.E).
 */
function isEndlessHeap(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || view.getUint32(0) !== GLOBAL_HEAP) return false;
  const end = Math.min(bytes.length, Number(view.getBigUint64(8, true)));
  for (let at = 16; at + 16 <= end;) {
    const size = Number(view.getBigUint64(at + 8, true));
    const isFree = view.getUint16(at, true) === 0;
    if (isFree && size === 0) return true;
    at += isFree ? size : 16 + 8 * Math.ceil(size / 8);
  }
  return false;
}

/** `GCOL`. */
const GLOBAL_HEAP = 0x47434f4c;
