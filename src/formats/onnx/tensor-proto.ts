import { invalid, messageOf, printable } from '../../errors.js';
import { type ByteSource, bytesSource } from '../byte-source.js';
import { type TensorDtype, formOf } from '../dtypes.js';
import { joinBytes } from '../../files/join-bytes.js';
import { type Elements, lengthOf, storedElements } from '../elements.js';
import { onnxDtype, onnxTypeName } from './onnx-dtypes.js';
import type { ProtobufField, ProtobufReader } from './protobuf.js';

/** A tensor as stored in an ONNX file; `problem` says why its numbers cannot be read. */
export interface TensorProto {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elements: Elements | undefined;
  readonly problem?: string | undefined;
}

/** Numbers of a tensor that are written one by one, as varints or with a tag each. */
const MAX_LOOSE = 2 ** 26;

/** Opens a place in a file with numbers beside the model. @throws RangeError if there is none */
export type OpenExternal = (location: string, offset: number, length: number) => ByteSource;

/**
 * Returns the tensor in a field. Its numbers stay where they are, unless they are written as varints.
 * @throws RangeError that names the tensor if its numbers are missing or not as many as its shape says
 */
export function readTensorProto(
  reader: ProtobufReader,
  field: ProtobufField,
  openExternal: OpenExternal,
): TensorProto {
  let name = '';
  let type = 0;
  let isExternal = false;
  let isSegment = false;
  const shape: number[] = [];
  const data: ProtobufField[] = [];
  let raw: ProtobufField | undefined;
  const external = new Map<string, string>();
  for (const one of reader.fields(field.start, field.end)) {
    if (one.number === 1) reader.integers(one, shape, 64);
    else if (one.number === 2) type = reader.integer(one);
    else if (one.number === 3) isSegment = true;
    else if ([4, 5, 7, 10, 11].includes(one.number)) data.push(one);
    else if (one.number === 8) name = reader.text(one);
    else if (one.number === 9) raw = one;
    else if (one.number === 13) readEntry(reader, one, external);
    else if (one.number === 14) isExternal = one.value === 1n;
  }
  const refused = (problem: string): TensorProto => ({ name, shape, elements: undefined, problem });
  const dtype = onnxDtype(type);
  if (!dtype) return refused(`numbers of ${onnxTypeName(type)} are not read`);
  if (isSegment) return refused('a segment of a tensor');
  const length = lengthOf(shape);
  if (shape.some((n) => n < 0) || !Number.isSafeInteger(length * formOf(dtype).size))
    throw invalid(`shape of tensor ${name}`, shape, 'sizes from 0, below 2^53 bytes in all');
  const check = (bytes: number) => {
    const expected = length * formOf(dtype).size;
    if (bytes !== expected)
      throw invalid(`numbers of tensor ${name}`, `${bytes} bytes`, `${expected}, as its shape and type say`);
  };
  if (isExternal) {
    const source = externalSource(name, external, openExternal, length * formOf(dtype).size);
    check(source.size);
    return { name, shape, elements: storedElements(source, 0, length, dtype) };
  }
  if (raw) {
    check(raw.end - raw.start);
    return { name, shape, elements: storedElements(reader.source, raw.start, length, dtype) };
  }
  const isPacked = (dtype === 'float32' || dtype === 'float64') && data.length === 1 && data[0]!.wire === 2;
  if (!isPacked && length > MAX_LOOSE) return refused(`${length} numbers, one by one`);
  const elements = isPacked
    ? packedElements(reader, data[0]!, dtype)
    : looseElements(reader, data, dtype, length);
  check(elements.length * formOf(dtype).size);
  return { name, shape, elements };
}

function readEntry(reader: ProtobufReader, field: ProtobufField, into: Map<string, string>): void {
  let key = '';
  let value = '';
  for (const one of reader.fields(field.start, field.end)) {
    if (one.number === 1) key = reader.text(one);
    if (one.number === 2) value = reader.text(one);
  }
  into.set(key, value);
}

/** Returns the place in a file beside the model. Offset and length are whole numbers, written as text. */
function externalSource(
  name: string,
  entries: ReadonlyMap<string, string>,
  openExternal: OpenExternal,
  size: number,
): ByteSource {
  const numberIn = (key: string) => {
    const value = entries.get(key) ?? '';
    if (!/^\d*$/.test(value)) throw invalid(`${key} of tensor ${name}`, value, 'a whole number of bytes');
    return value === '' ? undefined : Number(value);
  };
  const [offset = 0, length = size] = [numberIn('offset'), numberIn('length')];
  try {
    return openExternal(entries.get('location') ?? '', offset, length);
  } catch (cause) {
    const message = `${messageOf(cause)}, where tensor ${printable(name)} has its numbers`;
    throw Object.assign(new RangeError(message), { cause });
  }
}

/** Floats in a packed field lie as in memory. */
function packedElements(
  { source }: ProtobufReader,
  { start, end }: ProtobufField,
  dtype: TensorDtype,
): Elements {
  return storedElements(source, start, (end - start) / formOf(dtype).size, dtype);
}

/** Numbers in fields of their own type: floats with a tag each, or integers as varints. */
function looseElements(
  reader: ProtobufReader,
  data: readonly ProtobufField[],
  dtype: TensorDtype,
  length: number,
): Elements {
  const { size } = formOf(dtype);
  if (dtype === 'float32' || dtype === 'float64') {
    const bytes = joinBytes(data.map((field) => reader.bytes(field)));
    return storedElements(bytesSource('numbers', bytes), 0, bytes.length / size, dtype);
  }
  const numbers: number[] = [];
  for (const field of data) reader.integers(field, numbers, length);
  if (size === 8) {
    // of an unsigned integer beyond 2^63 the reader gives the negative one with the same bits
    const whole = dtype === 'uint64' ? numbers.map((x) => (x < 0 ? x + 2 ** 64 : x)) : numbers;
    const read = (start: number, count: number) => Float64Array.from(whole.slice(start, start + count));
    return { dtype, length: whole.length, read };
  }
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  // the code of a small float is an integer here
  for (const [i, number] of numbers.entries()) {
    if (size === 4) view.setUint32(i * size, number, true);
    else if (size === 2) view.setUint16(i * size, number, true);
    else view.setUint8(i, number);
  }
  return storedElements(bytesSource('numbers', bytes), 0, numbers.length, dtype);
}
