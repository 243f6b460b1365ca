import type { ActivationDefinition } from './activation.js';
import { sigmoid } from './sigmoid.js';

/** Also called Swish-1 (Elfwing et al., 2018; Ramachandran et al., 2017). */
export const silu: ActivationDefinition = {
  label: 'SiLU',
  style: {
    colour: '#590169',
    dash: [7, 2, 1.5, 2, 1.5, 2],
    shape: 'M0,-1.3L.31,-.42L1.24,-.4L.49,.16L.76,1.05L0,.52L-.76,1.05L-.49,.16L-1.24,-.4L-.31,-.42Z',
  },
  formula: 'x sigmoid(x)',
  value: (x) => x * sigmoid.value(x),
  derivative: (x) => sigmoid.value(x) + x * sigmoid.derivative(x),
  linearPieces: [],
  compose: (x, { mul, sigmoid }) => mul(x, sigmoid(x)),
  kernel: 'f32x4.mul(x, sigmoid(x))',
  training: 'const s = sigmoid(x); y = f32x4.mul(x, s); d = plusProductF32(s, y, f32x4.sub(one, s));',
};
