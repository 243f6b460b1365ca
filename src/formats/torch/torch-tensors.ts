import { invalid, missing } from '../../errors.js';
import { bytesSource } from '../byte-source.js';
import { type Elements, lengthOf, storedElements } from '../elements.js';
import type { NamedTensor, Skipped } from '../model-file.js';
import type { PyValue } from '../pickle/python-values.js';
import { parseNpyDtype } from '../../files/npy-dtype.js';
import type { TensorDtype } from '../dtypes.js';
import { formOf } from '../dtypes.js';
import { scaledTensor } from '../scaled-tensor.js';
import { tensorOf } from '../tensor-of.js';
import { findTensors, type PlacedTensor } from './find-tensors.js';
import { type FoundTensor, foundTensor } from './found-tensor.js';
import { PyCall } from '../pickle/python-values.js';
import { torchDtype } from './torch-dtypes.js';

/** Returns the numbers of a storage by its key; undefined if the file lacks it. */
export type OpenStorage = (
  key: string,
  dtype: TensorDtype,
) => Elements | undefined | Promise<Elements | undefined>;

/**
 * Returns the tensors in a pickled value over their storages; those with the same numbers once, with their aliases.
 * A wrapper that holds all of them, such as `state_dict`, is left out of the names.
 */
export async function torchTensors(
  root: PyValue,
  openStorage: OpenStorage,
): Promise<{ tensors: NamedTensor[]; skipped: Skipped[] }> {
  const found = findTensors(root);
  const skipped = [...found.skipped];
  const kept: PlacedTensor[] = [];
  for (const one of found.tensors) {
    if (one.path.some((part) => isOptimiserState(part)))
      skipped.push({
        name: one.path.join('.'),
        reason: 'a state of the optimiser, which the model does not use',
      });
    else kept.push(one);
  }
  const wrapper = sharedWrapper(kept);
  const tensors = new Map<string, NamedTensor>();
  for (const { path, tensor: view, layout } of kept) {
    const name = path.slice(wrapper).join('.') || 'tensor';
    const opened = await openView(name, view, openStorage);
    if (typeof opened === 'string') skipped.push({ name, reason: opened });
    else {
      const { storage, offset, shape, strides, type, isNegated } = view;
      const key =
        typeof storage === 'string'
          ? JSON.stringify([storage, offset, shape, strides, type, isNegated])
          : name;
      const same = tensors.get(key);
      if (same)
        tensors.set(key, { ...same, aliases: [...same.aliases, name], layout: same.layout ?? layout });
      else tensors.set(key, { ...opened, layout });
    }
  }
  return { tensors: [...tensors.values()], skipped };
}

/** Returns a view of a storage, or the reason why it cannot be read. */
async function openView(
  name: string,
  { storage, type, offset, shape, strides, littleEndian, isNegated, quantiser }: FoundTensor,
  openStorage: OpenStorage,
): Promise<NamedTensor | string> {
  const dtype = typeof storage === 'string' ? torchDtype(type) : numpyDtype(type);
  if (!dtype) return `numbers of type ${type} are not read`;
  let elements: Elements | undefined;
  if (typeof storage === 'string') elements = await openStorage(storage, dtype);
  else
    elements = storedElements(
      bytesSource(name, storage),
      0,
      Math.floor(storage.length / formOf(dtype).size),
      dtype,
      littleEndian,
    );
  if (!elements)
    throw missing(`storage of ${name}`, String(storage), 'expected in the file; is it truncated?');
  const last = shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, offset);
  if (lengthOf(shape) > 0 && last >= elements.length)
    throw invalid(
      `tensor ${name}`,
      `${last + 1} numbers of its storage`,
      `at most ${elements.length}, which it has`,
    );
  // a small storage can be repeated without end by strides of 0
  if (lengthOf(shape) > Math.max(2 ** 20, 16 * elements.length))
    return 'it repeats its storage more than 16 times';
  const tensor = tensorOf(name, shape, elements, { place: { offset, strides } });
  if (isNegated) return { ...tensor, read: async (...range) => (await tensor.read(...range)).map((x) => -x) };
  return quantiser ? quantised(tensor, quantiser, openStorage) : tensor;
}

/** Returns the tensor with its scale and zero point applied. There is one of each, or one for each index of an axis. */
async function quantised(
  tensor: NamedTensor,
  [, scale, zero, axis]: readonly PyValue[],
  openStorage: OpenStorage,
): Promise<NamedTensor | string> {
  const numbers = async (value: PyValue | undefined) => {
    if (typeof value === 'number') return [value];
    const view = value instanceof PyCall ? foundTensor(value) : undefined;
    if (typeof view !== 'object') return undefined;
    const own = await openView(tensor.name, view, openStorage);
    return typeof own === 'string' ? undefined : [...(await own.read(0, lengthOf(own.shape)))];
  };
  const scales = await numbers(scale);
  const zeros = await numbers(zero);
  if (!scales || !zeros) return 'its scale cannot be understood';
  const shape = tensor.shape.map((n, at) => (typeof axis === 'number' && at === axis ? n : 1));
  if (lengthOf(shape) !== scales.length || zeros.length !== scales.length)
    return 'its scales do not fit its shape';
  return scaledTensor(tensor, { scales, zeros, shape });
}

function numpyDtype(type: string): TensorDtype | undefined {
  try {
    return parseNpyDtype(type.replace('numpy.', '')).dtype;
  } catch {
    return undefined;
  }
}

function isOptimiserState(part: string): boolean {
  return /^(optimi[sz]ers?(_states?|_state_dict)?|optim|lr_schedulers?|exp_avg(_sq)?|momentum_buffer)$/.test(
    part,
  );
}

const wrappers =
  /^(state_dict|model|model_state(_dict)?|module|net(work)?|weights|params(_ema)?|generator|checkpoint)$/;

/** Returns how many leading parts of the paths are wrappers that all tensors share. */
function sharedWrapper(tensors: readonly PlacedTensor[]): number {
  const [first] = tensors;
  let shared = 0;
  const isShared = (at: number) => {
    const part = first?.path[at];
    if (part === undefined || !wrappers.test(part)) return false;
    return tensors.every(({ path, layout }) => !layout && path.length > at + 1 && path[at] === part);
  };
  while (shared < 2 && isShared(shared)) shared++;
  return shared;
}
