import type { ActivationDefinition } from './activation.js';
import { sigmoid } from './sigmoid.js';

/** Also called Swish-1 (Elfwing et al., 2018; Ramachandran et al., 2017). */
export const silu: ActivationDefinition = {
  label: 'SiLU',
  formula: 'x sigmoid(x)',
  value: (x) => x * sigmoid.value(x),
  compose: (x, { mul, sigmoid }) => mul(x, sigmoid(x)),
  kernel: 'f32x4.mul(x, sigmoid(x))',
};
