import type { TensorDtype } from '../dtypes.js';

/** The supported types of the format. */
const names: ReadonlyMap<string, TensorDtype> = new Map(
  Object.entries({
    BOOL: 'bool',
    U8: 'uint8',
    I8: 'int8',
    U16: 'uint16',
    I16: 'int16',
    U32: 'uint32',
    I32: 'int32',
    U64: 'uint64',
    I64: 'int64',
    F8_E4M3: 'float8_e4m3fn',
    F8_E5M2: 'float8_e5m2',
    F8_E4M3FNUZ: 'float8_e4m3fnuz',
    F8_E5M2FNUZ: 'float8_e5m2fnuz',
    F8_E8M0: 'float8_e8m0fnu',
    F16: 'float16',
    BF16: 'bfloat16',
    F32: 'float32',
    F64: 'float64',
  }),
);

/** Returns our name of a type; undefined for complex numbers and for those of 4 and 6 bits. */
export function dtypeOf(name: string): TensorDtype | undefined {
  return names.get(name);
}
