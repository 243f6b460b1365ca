import type { ActivationDefinition } from './activation.js';

/** ReLU clipped at 6 (Krizhevsky, 2010), as in MobileNetV1 and V2. */
export const relu6: ActivationDefinition = {
  label: 'ReLU6',
  style: { colour: '#e69f00', dash: [6, 2.5], shape: 'triangle-left' },
  formula: 'min(max(x, 0), 6)',
  value: (x) => Math.min(Math.max(x, 0), 6),
  derivative: (x) => (x > 0 && x < 6 ? 1 : 0),
  linearPieces: [[0, 6]],
  compose: (x, { relu6 }) => relu6(x),
  kernel: 'clippedAt6(x)',
  training: { low: 0, high: 6 },
};
