import type { ActivationDefinition } from './activation.js';
import { hardSigmoid } from './hard-sigmoid.js';

/** Swish with the hard sigmoid (Howard et al., "Searching for MobileNetV3", 2019). */
export const hardSwish: ActivationDefinition = {
  label: 'Hard swish',
  style: { colour: '#1e9865', dash: [10, 2, 3, 2], shape: 'cross' },
  formula: 'x relu6(x + 3) / 6',
  value: (x) => x * hardSigmoid.value(x),
  compose: (x, operations) => operations.mul(x, hardSigmoid.compose(x, operations)),
  kernel: 'f32x4.mul(x, hardSigmoid(x))',
};
