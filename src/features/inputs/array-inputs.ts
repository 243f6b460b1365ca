import { invalid } from '../../errors.js';
import { firstOf } from '../../lookups.js';
import { lengthOf } from '../../formats/elements.js';
import type { ModelFile, NamedTensor, Numbers } from '../../formats/model-file.js';
import type { GraphValue } from '../../formats/model-graph.js';
import type { Feed } from './model-inputs.js';
import { fitsShape, formatInputs, formatShape } from './format-shapes.js';
import type { OpenInputs } from './open-inputs.js';

/** Returns arrays of numpy as inputs: one sample per index of the first axis. */
export function arrayInputs(
  file: ModelFile,
  inputs: readonly GraphValue[],
  wanted: number | undefined,
): OpenInputs {
  const pairs = inputs.map((input) => ({ input, tensor: arrayFor(file, input, inputs) }));
  const first = firstOf(pairs).tensor;
  const available = first.shape[0] ?? 0;
  for (const { input, tensor } of pairs) {
    const { shape } = tensor;
    const found = `${file.path}, ${tensor.name} ${formatShape(shape)}`;
    if (!fitsShape(shape, input.shape))
      throw invalid('inputs', found, `the model's inputs: ${formatInputs(inputs)}`);
    if (shape[0] !== available) throw invalid('inputs', found, `${available} samples, as ${first.name} has`);
  }
  if (available === 0) throw invalid('inputs', `${file.path}, no sample`, 'at least one');
  const count = wanted ?? available;
  if (!Number.isSafeInteger(count) || count < 1 || count > available)
    throw invalid('count', count, `a whole number from 1 to ${available}`);
  return {
    count,
    words: `${count} of ${available} samples in ${file.path}`,
    settings: {
      arrays: pairs.map(({ input, tensor: { name, shape, dtype } }) => ({
        input: input.name,
        array: name,
        shape,
        dtype,
      })),
    },
    read: async (indices) => {
      const feeds = new Map<string, Feed>();
      for (const { input, tensor } of pairs) feeds.set(input.name, await feedOf(tensor, input, indices));
      return feeds;
    },
    close: () => file.close(),
  };
}

function arrayFor(file: ModelFile, { name }: GraphValue, inputs: readonly GraphValue[]): NamedTensor {
  const { tensors, path } = file;
  const [only, ...others] = tensors;
  const found =
    tensors.find((tensor) => tensor.name === name) ??
    (inputs.length === 1 && others.length === 0 ? only : undefined);
  if (found) return found;
  const names = tensors.map((tensor) => tensor.name).join(', ') || 'no array';
  throw invalid('inputs', `${path} with ${names}`, `an array for each input: ${formatInputs(inputs)}`);
}

async function feedOf(tensor: NamedTensor, { dtype }: GraphValue, indices: readonly number[]): Promise<Feed> {
  const inner = tensor.shape.slice(1);
  const length = lengthOf(inner);
  const data = emptyNumbers(dtype, indices.length * length);
  for (let i = 0; i < indices.length;) {
    let run = 1;
    while (indices[i + run] === indices[i]! + run) run++;
    const numbers = await tensor.read(indices[i]! * length, run * length);
    fill(data, numbers, i * length, (place) => `number ${indices[i]! * length + place} of ${tensor.name}`);
    i += run;
  }
  return { shape: [indices.length, ...inner], data };
}

function emptyNumbers(dtype: string | undefined, length: number): Feed['data'] {
  if (dtype === 'int64') return new BigInt64Array(length);
  if (dtype === 'int32') return new Int32Array(length);
  if (dtype === 'bool' || dtype === 'uint8') return new Uint8Array(length);
  if (dtype === 'float64') return new Float64Array(length);
  if (dtype === undefined || dtype === 'float32') return new Float32Array(length);
  throw invalid('type of an input of the model', dtype, 'float32, float64, int64, int32, uint8, bool');
}

/** Copies numbers. @throws RangeError for a NaN, and for a number that the type of the input does not hold */
function fill(into: Feed['data'], numbers: Numbers, at: number, nameOf: (place: number) => string): void {
  const isReal = into instanceof Float32Array || into instanceof Float64Array;
  const type = into.constructor.name.replace('Array', '').replace('Big', '').toLowerCase();
  for (const [i, value] of numbers.entries()) {
    const isFitting = isReal ? !Number.isNaN(value) : Number.isInteger(value);
    if (into instanceof BigInt64Array) into[at + i] = isFitting ? BigInt(value) : 0n;
    else into[at + i] = value;
    const stored = Number(into[at + i]);
    const isKept = isReal ? Number.isFinite(stored) || !Number.isFinite(value) : stored === value;
    if (isFitting && isKept) continue;
    throw invalid(nameOf(i), value, `a ${isReal ? '' : 'whole '}number of the model's input, ${type}`);
  }
}
