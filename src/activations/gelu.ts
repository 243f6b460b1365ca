import { upperTail } from '../statistics/normal.js';
import type { ActivationDefinition } from './activation.js';

/** With the exact error function (Hendrycks and Gimpel, 2016). */
export const gelu: ActivationDefinition = {
  label: 'GELU',
  style: { colour: '#2c7899', dash: [4, 4], shape: 'triangle-right' },
  formula: 'x Phi(x), Phi the normal distribution function',
  value: (x) => x * upperTail(-x),
  derivative: (x) => upperTail(-x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  linearPieces: [],
  compose: (x, { add, erf, mul }) => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)),
  kernel: null, // its lower tail needs an error function
  training:
    'const e = expNegative(f32x4.mul(f32x4.mul(x, x), f32x4.splat(0.5))), p = normalBelow(x, e); ' +
    `y = f32x4.mul(x, p); d = plusProductF32(p, f32x4.mul(x, f32x4.splat(${1 / Math.sqrt(2 * Math.PI)})), e);`,
};
