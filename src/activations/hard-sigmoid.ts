import type { ActivationDefinition } from './activation.js';

/** A piecewise linear sigmoid, as in MobileNetV3 and PyTorch (Keras uses another slope). */
export const hardSigmoid: ActivationDefinition = {
  label: 'Hard sigmoid',
  style: { colour: '#9c57f5', dash: [12, 2, 1.5, 2, 1.5, 2, 1.5, 2], shape: 'M-.46,-1.15H.46V1.15H-.46Z' },
  formula: 'relu6(x + 3) / 6',
  value: (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
  derivative: (x) => (x > -3 && x < 3 ? 1 / 6 : 0),
  linearPieces: [[-3, 3]],
  compose: (x, { add, div, relu6 }) => div(relu6(add(x, 3)), 6),
  kernel: 'hardSigmoid(x)',
  training:
    'y = hardSigmoid(x); d = v128.and(f32x4.lt(f32x4.abs(x), f32x4.splat(3)), f32x4.splat(1.0 / 6.0));',
};
