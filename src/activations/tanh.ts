import type { ActivationDefinition } from './activation.js';

/** The hyperbolic tangent. */
export const tanh: ActivationDefinition = {
  label: 'Tanh',
  formula: 'tanh(x)',
  value: Math.tanh,
  compose: (x, { tanh }) => tanh(x),
  kernel: 'tanh(x)',
};
