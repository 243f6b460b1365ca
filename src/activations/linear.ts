import type { ActivationDefinition } from './activation.js';

/** No activation: the layer stays linear. */
export const linear: ActivationDefinition = {
  label: 'Linear',
  formula: 'x',
  value: (x) => x,
  compose: (x, { identity }) => identity(x),
  kernel: 'x',
};
