import { lengthOf, rowMajor } from '../elements.js';
import { PyCall, PyDict, PyGlobal, PyList, PyStorage, type PyValue } from '../pickle/python-values.js';

/** A tensor as a pickle describes it: a view of a storage. */
export interface FoundTensor {
  /** The key of the storage; an array of numpy has its bytes instead. */
  readonly storage: string | Uint8Array;
  /** Name of the storage's class or of the type: `torch.FloatStorage`. */
  readonly type: string;
  /** Counted in numbers, as are the strides. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly littleEndian?: boolean | undefined;
  /** Whether the numbers are stored with the other sign. */
  readonly isNegated?: boolean | undefined;
  /** Scale and zero point, of the tensor or of each index of an axis. */
  readonly quantiser?: readonly PyValue[] | undefined;
}

/**
 * Returns the tensor that a call would have rebuilt, or the reason why it cannot be read. Undefined for other calls.
 */
export function foundTensor(call: PyCall): FoundTensor | string | undefined {
  const { callee, args } = call;
  const [module, name] = split(callee.name);
  if (name === '_rebuild_from_type_v2' || name === '_rebuild_parameter' || /^_rebuild_parameter/.test(name)) {
    if (!module.startsWith('torch')) return undefined;
    const inner =
      name === '_rebuild_from_type_v2' && args[0] instanceof PyGlobal && args[2] instanceof PyList
        ? new PyCall(args[0], args[2].items)
        : args[0];
    return inner instanceof PyCall ? foundTensor(inner) : 'a parameter that is not a tensor';
  }
  if (module === 'torch._utils' && /^_rebuild_(tensor(_v[23])?|qtensor)$/.test(name))
    return ofStorage(name, args);
  if (module === 'torch._utils') return `torch rebuilds it by ${name}, which is not read`;
  if (name === '_reconstruct' && module.startsWith('numpy')) return ofState(call.state);
  if (name === '_frombuffer' && module.startsWith('numpy')) {
    const [bytes, dtype, size, order] = args;
    return ofArray(size, dtype, order === 'F', bytes);
  }
  return undefined;
}

function ofStorage(name: string, args: readonly PyValue[]): FoundTensor | string {
  const [storage, offset, size, stride] = args;
  const place = storage instanceof PyStorage ? storageOf(storage.id) : undefined;
  const shape = integers(size);
  const strides = integers(stride);
  if (!place || !shape || strides?.length !== shape.length || !isCount(offset))
    return 'its storage, shape or strides cannot be understood';
  const type = name === '_rebuild_tensor_v3' && args[6] instanceof PyGlobal ? args[6].name : place.type;
  const quantiser =
    name === '_rebuild_qtensor' && args[4] instanceof PyList ? { quantiser: args[4].items } : {};
  // _rebuild_tensor_v2 and v3 differ by the type before it
  const metadata = args[name === '_rebuild_tensor_v3' ? 7 : 6];
  const isNegated = metadata instanceof PyDict && metadata.get('neg') === true;
  return { storage: place.key, type, offset: offset + place.offset, shape, strides, isNegated, ...quantiser };
}

/** Returns class, key and offset of a persistent id; undefined for anything else. */
export function storageOf(
  id: PyValue,
): { type: string; key: string; offset: number; root: string } | undefined {
  if (!(id instanceof PyList)) return undefined;
  const [kind, type, key, , , view] = id.items;
  if (kind !== 'storage' || !(type instanceof PyGlobal)) return undefined;
  if (typeof key !== 'string' && typeof key !== 'number') return undefined;
  const offset = view instanceof PyList ? view.items[1] : 0;
  if (!isCount(offset)) return undefined;
  return { type: type.name, key: String(key), offset, root: String(key) };
}

/** The state of an array of numpy: version, shape, type, whether the first index varies fastest, bytes. */
function ofState(state: PyValue | undefined): FoundTensor | string {
  if (!(state instanceof PyList)) return 'an array of numpy without its numbers';
  const [, size, dtype, fortran, bytes] = state.items;
  return ofArray(size, dtype, fortran === true, bytes);
}

function ofArray(
  size: PyValue | undefined,
  dtype: PyValue | undefined,
  isFortran: boolean,
  stored: PyValue | undefined,
): FoundTensor | string {
  const shape = integers(size);
  // bytes of Python 2 that are UTF-8 were taken for a text
  const bytes = typeof stored === 'string' ? new TextEncoder().encode(stored) : stored;
  if (!shape || !(bytes instanceof Uint8Array) || !(dtype instanceof PyCall)) return 'an array of objects';
  const order = dtype.state instanceof PyList ? dtype.state.items[1] : '<';
  const strides = isFortran ? rowMajor(shape.toReversed()).toReversed() : rowMajor(shape);
  const type = `numpy.${String(dtype.args[0])}`;
  return { storage: bytes, type, offset: 0, shape, strides, littleEndian: order !== '>' };
}

function integers(value: PyValue | undefined): number[] | undefined {
  if (!(value instanceof PyList)) return undefined;
  const items = value.items.filter(isCount);
  if (items.length !== value.items.length || items.length > 64) return undefined;
  return Number.isSafeInteger(lengthOf(items)) ? items : undefined;
}

function isCount(value: PyValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function split(name: string): [module: string, name: string] {
  const at = name.lastIndexOf('.');
  return [name.slice(0, Math.max(0, at)), name.slice(at + 1)];
}
