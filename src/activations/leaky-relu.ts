import type { ActivationDefinition } from './activation.js';

/** PyTorch's default. */
const SLOPE = 0.01;

/** ReLU with a small slope below zero (Maas et al., 2013). */
export const leakyRelu: ActivationDefinition = {
  label: 'LeakyReLU',
  style: { colour: '#b192b1', dash: [3, 2], shape: 'triangle-down' },
  formula: 'max(x, 0.01 x)',
  value: (x) => Math.max(x, SLOPE * x),
  derivative: (x) => (x > 0 ? 1 : SLOPE),
  linearPieces: [
    [-Infinity, 0],
    [0, Infinity],
  ],
  compose: (x, { leakyRelu }) => leakyRelu(x, SLOPE),
  kernel: `f32x4.pmax(x, f32x4.mul(x, f32x4.splat(${SLOPE})))`,
  training: `d = v128.bitselect(f32x4.splat(1), f32x4.splat(${SLOPE}), f32x4.gt(x, zero)); y = f32x4.mul(x, d);`,
};
