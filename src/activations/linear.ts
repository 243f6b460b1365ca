import type { ActivationDefinition } from './activation.js';

/** No activation: the layer stays linear. */
export const linear: ActivationDefinition = {
  label: 'Linear',
  style: { colour: '#222222', dash: [1, 0], shape: 'circle' },
  formula: 'x',
  value: (x) => x,
  derivative: () => 1,
  linearPieces: [[-Infinity, Infinity]],
  compose: (x, { identity }) => identity(x),
  kernel: 'x',
  training: { low: -Infinity, high: Infinity },
};
