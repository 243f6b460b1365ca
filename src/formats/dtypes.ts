/** The properties of a type of numbers. */
export interface DtypeForm {
  /** Bytes of a number. */
  readonly size: number;
  /** Binary digits of the significand, the hidden one included; undefined for integers. */
  readonly digits?: number | undefined;
  /** The smallest positive number is 2 to this power; undefined for integers. */
  readonly minExponent?: number | undefined;
}

/**
 * The supported types of numbers. The spacing of a float type around w is 2^max(floor(log2 |w|) + 1 - digits,
 * minExponent).
 */
export const dtypes = {
  float64: { size: 8, digits: 53, minExponent: -1074 },
  float32: { size: 4, digits: 24, minExponent: -149 },
  float16: { size: 2, digits: 11, minExponent: -24 },
  bfloat16: { size: 2, digits: 8, minExponent: -133 },
  float8_e4m3fn: { size: 1, digits: 4, minExponent: -9 },
  float8_e4m3fnuz: { size: 1, digits: 4, minExponent: -10 },
  float8_e5m2: { size: 1, digits: 3, minExponent: -16 },
  float8_e5m2fnuz: { size: 1, digits: 3, minExponent: -17 },
  /** Powers of two: scales of blocks. */
  float8_e8m0fnu: { size: 1, digits: 1, minExponent: -127 },
  int64: { size: 8 },
  uint64: { size: 8 },
  int32: { size: 4 },
  uint32: { size: 4 },
  int16: { size: 2 },
  uint16: { size: 2 },
  int8: { size: 1 },
  uint8: { size: 1 },
  bool: { size: 1 },
} as const satisfies Readonly<Record<string, DtypeForm>>;

export type TensorDtype = keyof typeof dtypes;

/** Returns the properties of a type. */
export function formOf(dtype: TensorDtype): DtypeForm {
  return dtypes[dtype];
}

/** Whether a type is a floating-point type. */
export function isFloat(dtype: TensorDtype): boolean {
  return 'digits' in dtypes[dtype];
}
