import type { TensorDtype } from '../dtypes.js';

/** The supported types of TensorProto, by their numbers. */
const byNumber: ReadonlyMap<number, TensorDtype> = new Map<number, TensorDtype>([
  [1, 'float32'],
  [2, 'uint8'],
  [3, 'int8'],
  [4, 'uint16'],
  [5, 'int16'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
  [10, 'float16'],
  [11, 'float64'],
  [12, 'uint32'],
  [13, 'uint64'],
  [16, 'bfloat16'],
  [17, 'float8_e4m3fn'],
  [18, 'float8_e4m3fnuz'],
  [19, 'float8_e5m2'],
  [20, 'float8_e5m2fnuz'],
  [24, 'float8_e8m0fnu'],
]);

const others: ReadonlyMap<number, string> = new Map([
  [8, 'text'],
  [14, 'complex64'],
  [15, 'complex128'],
  [21, 'uint4'],
  [22, 'int4'],
  [23, 'float4e2m1'],
]);

export function onnxDtype(number: number): TensorDtype | undefined {
  return byNumber.get(number);
}

export function onnxTypeName(number: number): string {
  return byNumber.get(number) ?? others.get(number) ?? `type ${number}`;
}
