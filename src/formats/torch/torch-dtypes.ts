import { formOf, type TensorDtype } from '../dtypes.js';

/** The classes of storages and the types of torch, by the last part of their names. */
const names: ReadonlyMap<string, TensorDtype> = new Map(
  Object.entries({
    DoubleStorage: 'float64',
    FloatStorage: 'float32',
    HalfStorage: 'float16',
    BFloat16Storage: 'bfloat16',
    LongStorage: 'int64',
    IntStorage: 'int32',
    ShortStorage: 'int16',
    CharStorage: 'int8',
    ByteStorage: 'uint8',
    BoolStorage: 'bool',
    QInt8Storage: 'int8',
    QUInt8Storage: 'uint8',
    QInt32Storage: 'int32',
    UntypedStorage: 'uint8',
    float64: 'float64',
    double: 'float64',
    float32: 'float32',
    float: 'float32',
    float16: 'float16',
    half: 'float16',
    bfloat16: 'bfloat16',
    float8_e4m3fn: 'float8_e4m3fn',
    float8_e4m3fnuz: 'float8_e4m3fnuz',
    float8_e5m2: 'float8_e5m2',
    float8_e5m2fnuz: 'float8_e5m2fnuz',
    float8_e8m0fnu: 'float8_e8m0fnu',
    int64: 'int64',
    long: 'int64',
    int32: 'int32',
    int: 'int32',
    int16: 'int16',
    short: 'int16',
    int8: 'int8',
    uint8: 'uint8',
    uint16: 'uint16',
    uint32: 'uint32',
    uint64: 'uint64',
    bool: 'bool',
  }),
);

/** Bytes of a number of the types that are not read. */
const otherSizes: ReadonlyMap<string, number> = new Map([
  ['ComplexHalfStorage', 4],
  ['ComplexFloatStorage', 8],
  ['ComplexDoubleStorage', 16],
  ['QUInt4x2Storage', 1],
  ['QUInt2x4Storage', 1],
]);

/** Returns the bytes of a number of a class of storages; undefined for a class that is not known. */
export function storageSize(name: string): number | undefined {
  const dtype = torchDtype(name);
  return dtype ? formOf(dtype).size : otherSizes.get(name.slice(name.lastIndexOf('.') + 1));
}

/** Returns the type of a class such as `torch.FloatStorage` or a type such as `torch.float16`; undefined for others. */
export function torchDtype(name: string): TensorDtype | undefined {
  return names.get(name.slice(name.lastIndexOf('.') + 1));
}
