import type { ActivationDefinition } from './activation.js';
import { softplus } from './softplus.js';

/** Misra, "Mish: a self regularized non-monotonic activation function", 2019. */
export const mish: ActivationDefinition = {
  label: 'Mish',
  formula: 'x tanh(softplus(x))',
  value: (x) => x * Math.tanh(softplus.value(x)),
  compose: (x, { mul, tanh, softplus }) => mul(x, tanh(softplus(x))),
  kernel: 'f32x4.mul(x, tanhSoftplus(x))',
};
