import type { ActivationDefinition } from './activation.js';
import { softplus } from './softplus.js';

/** Misra, "Mish: a self regularized non-monotonic activation function", 2019. */
export const mish: ActivationDefinition = {
  label: 'Mish',
  style: {
    colour: '#0a5451',
    dash: [14, 3, 1.5, 3],
    shape:
      'M-1.09,-.63L-.63,-1.09L0,-.46L.63,-1.09L1.09,-.63L.46,0L1.09,.63L.63,1.09L0,.46L-.63,1.09L-1.09,.63L-.46,0Z',
  },
  formula: 'x tanh(softplus(x))',
  value: (x) => x * Math.tanh(softplus.value(x)),
  derivative: (x) => {
    const t = Math.tanh(softplus.value(x));
    return t + x * (1 - t * t) * softplus.derivative(x);
  },
  linearPieces: [],
  compose: (x, { mul, tanh, softplus }) => mul(x, tanh(softplus(x))),
  kernel: 'f32x4.mul(x, tanhSoftplus(x))',
  training:
    'const t = tanhSoftplus(x), s = sigmoid(x); y = f32x4.mul(x, t); ' +
    'd = plusProductF32(t, f32x4.mul(s, f32x4.sub(x, y)), f32x4.add(one, t));',
};
