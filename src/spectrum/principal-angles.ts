import { singularValues } from './singular-values.js';

/**
 * Returns the principal angles between two subspaces in radians, ascending. Each is given by orthonormal vectors of
 * `length` numbers, one after another, as many of both. Small angles come from sines, large ones from cosines, so that
 * neither loses digits: Björck and Golub, "Numerical methods for computing angles between linear subspaces", Mathematics of
 * Computation 27, 1973.
 */
export function principalAngles(one: Float64Array, other: Float64Array, length: number): Float64Array {
  const count = length === 0 ? 0 : one.length / length;
  const cosines = new Float64Array(count * count);
  const rest = other.slice();
  for (let j = 0; j < count; j++)
    for (let i = 0; i < count; i++) {
      let dot = 0;
      for (let k = 0; k < length; k++) dot += one[i * length + k]! * other[j * length + k]!;
      cosines[i * count + j] = dot;
      for (let k = 0; k < length; k++) rest[j * length + k]! -= dot * one[i * length + k]!;
    }
  const cos = singularValues({ data: cosines, rows: count, columns: count });
  const sin = singularValues({ data: rest, rows: count, columns: length });
  return cos.map((value, i) => {
    // sines descend, and there are fewer of them than vectors where the space is small
    const sine = Math.min(1, sin[count - 1 - i] ?? 0);
    return sine < Math.SQRT1_2 ? Math.asin(sine) : Math.acos(Math.min(1, value));
  });
}
