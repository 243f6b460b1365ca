import type { ActivationDefinition } from './activation.js';
import { hardSigmoid } from './hard-sigmoid.js';

/** Swish with the hard sigmoid (Howard et al., "Searching for MobileNetV3", 2019). */
export const hardSwish: ActivationDefinition = {
  label: 'Hard swish',
  style: { colour: '#1e9865', dash: [10, 2, 3, 2], shape: 'cross' },
  formula: 'x relu6(x + 3) / 6',
  value: (x) => x * hardSigmoid.value(x),
  derivative: (x) => (x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1),
  linearPieces: [[3, Infinity]],
  compose: (x, operations) => operations.mul(x, hardSigmoid.compose(x, operations)),
  kernel: 'f32x4.mul(x, hardSigmoid(x))',
  training:
    'const h = hardSigmoid(x); y = f32x4.mul(x, h); ' +
    'd = v128.bitselect(plusProductF32(h, x, f32x4.splat(1.0 / 6.0)), h, f32x4.le(f32x4.abs(x), f32x4.splat(3)));',
};
