import type { ActivationDefinition } from './activation.js';

/** A sigmoid of three lines, as in MobileNetV3 and PyTorch (Keras has another slope). */
export const hardSigmoid: ActivationDefinition = {
  label: 'Hard sigmoid',
  formula: 'relu6(x + 3) / 6',
  value: (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
  compose: (x, { add, div, relu6 }) => div(relu6(add(x, 3)), 6),
  kernel: 'hardSigmoid(x)',
};
