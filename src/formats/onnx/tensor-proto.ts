import { bytesSource } from '../byte-source.js';
import { type TensorDtype, formOf } from '../dtypes.js';
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

/** Opens a file with numbers beside the model, or returns the reason why it cannot. */
export type OpenExternal = (
  location: string,
  offset: number,
  length: number | undefined,
) => ReturnType<typeof bytesSource> | string;

/** Returns the tensor in a field. Its numbers stay where they are, unless they are written as varints. */
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
    return refused(`an impossible shape, [${shape.join(', ')}]`);
  const elements = isExternal
    ? externalElements(external, openExternal, dtype, length)
    : raw
      ? sized(storedElements(reader.source, raw.start, length, dtype), raw.end - raw.start, dtype)
      : looseElements(reader, data, dtype, length);
  return typeof elements === 'string' ? refused(elements) : { name, shape, elements };
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

function sized(elements: Elements, bytes: number, dtype: TensorDtype): Elements | string {
  const expected = elements.length * formOf(dtype).size;
  return bytes === expected ? elements : `it has ${bytes} bytes, its shape ${expected}`;
}

function externalElements(
  entries: ReadonlyMap<string, string>,
  openExternal: OpenExternal,
  dtype: TensorDtype,
  length: number,
): Elements | string {
  const offset = Number(entries.get('offset') ?? 0);
  const bytes = entries.has('length') ? Number(entries.get('length')) : undefined;
  const opened = openExternal(entries.get('location') ?? '', offset, bytes ?? length * formOf(dtype).size);
  if (typeof opened === 'string') return opened;
  return sized(storedElements(opened, 0, length, dtype), opened.size, dtype);
}

/** Numbers in the field of their own type: packed floats lie as in memory, small types are varints. */
function looseElements(
  reader: ProtobufReader,
  data: readonly ProtobufField[],
  dtype: TensorDtype,
  length: number,
): Elements | string {
  const [first, ...others] = data;
  const isFloat = dtype === 'float32' || dtype === 'float64';
  if (isFloat && first?.wire === 2 && others.length === 0)
    return sized(storedElements(reader.source, first.start, length, dtype), first.end - first.start, dtype);
  if (length > MAX_LOOSE) return `${length} numbers, one by one`;
  const { size } = formOf(dtype);
  let bytes: Uint8Array;
  if (isFloat) bytes = Uint8Array.from(data.flatMap((field) => [...reader.bytes(field)]));
  else {
    const numbers: number[] = [];
    for (const field of data) reader.integers(field, numbers, length);
    bytes = new Uint8Array(numbers.length * size);
    const view = new DataView(bytes.buffer);
    // the code of a small float is an integer here
    for (const [i, number] of numbers.entries()) {
      if (size === 8) view.setBigInt64(i * size, BigInt(number), true);
      else if (size === 4) view.setUint32(i * size, number, true);
      else if (size === 2) view.setUint16(i * size, number, true);
      else view.setUint8(i, number);
    }
  }
  return sized(storedElements(bytesSource('numbers', bytes), 0, length, dtype), bytes.length, dtype);
}
