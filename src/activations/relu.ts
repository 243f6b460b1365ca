import type { ActivationDefinition } from './activation.js';

/** The rectified linear unit (Nair and Hinton, 2010). */
export const relu: ActivationDefinition = {
  label: 'ReLU',
  style: { colour: '#b52708', dash: [14, 3], shape: 'square' },
  formula: 'max(x, 0)',
  value: (x) => Math.max(x, 0),
  derivative: (x) => (x > 0 ? 1 : 0),
  linearPieces: [[0, Infinity]],
  compose: (x, { relu }) => relu(x),
  kernel: 'f32x4.pmax(x, f32x4.splat(0))',
  training: { low: 0, high: Infinity },
};
