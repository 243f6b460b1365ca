import type { ActivationDefinition } from './activation.js';

/** The hyperbolic tangent. */
export const tanh: ActivationDefinition = {
  label: 'Tanh',
  style: { colour: '#767376', dash: [1.5, 4], shape: 'M-1.08,-.96V.96L1.08,-.96V.96Z' },
  formula: 'tanh(x)',
  value: Math.tanh,
  derivative: (x) => 1 / Math.cosh(x) ** 2,
  linearPieces: [],
  compose: (x, { tanh }) => tanh(x),
  kernel: 'tanh(x)',
  training: 'y = tanh(x); d = f32x4.mul(f32x4.sub(one, y), f32x4.add(one, y));',
};
