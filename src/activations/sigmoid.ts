import type { ActivationDefinition } from './activation.js';

/** The logistic function. */
export const sigmoid: ActivationDefinition = {
  label: 'Sigmoid',
  style: { colour: '#0d2c00', dash: [10, 2, 3, 2, 3, 2], shape: 'M-1.15,-.46H1.15V.46H-1.15Z' },
  formula: '1 / (1 + exp(-x))',
  value: (x) => 1 / (1 + Math.exp(-x)),
  derivative: (x) => sigmoid.value(x) * sigmoid.value(-x),
  linearPieces: [],
  compose: (x, { sigmoid }) => sigmoid(x),
  kernel: 'sigmoid(x)',
  training: 'y = sigmoid(x); d = f32x4.mul(y, f32x4.sub(one, y));',
};
