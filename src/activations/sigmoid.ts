import type { ActivationDefinition } from './activation.js';

/** The logistic function. */
export const sigmoid: ActivationDefinition = {
  label: 'Sigmoid',
  formula: '1 / (1 + exp(-x))',
  value: (x) => 1 / (1 + Math.exp(-x)),
  compose: (x, { sigmoid }) => sigmoid(x),
  kernel: 'sigmoid(x)',
};
