import { upperTail } from '../statistics/normal.js';
import type { ActivationDefinition } from './activation.js';

/** With the exact error function (Hendrycks and Gimpel, 2016). */
export const gelu: ActivationDefinition = {
  label: 'GELU',
  style: { colour: '#2c7899', dash: [4, 4], shape: 'triangle-right' },
  formula: 'x Phi(x), Phi the normal distribution function',
  value: (x) => x * upperTail(-x),
  compose: (x, { add, erf, mul }) => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)),
  kernel: null, // its lower tail needs an error function
};
