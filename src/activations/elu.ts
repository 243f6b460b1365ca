import type { ActivationDefinition } from './activation.js';

/** The exponential linear unit with alpha 1 (Clevert et al., 2016). */
export const elu: ActivationDefinition = {
  label: 'ELU',
  style: { colour: '#2947c6', dash: [7, 2, 1.5, 2], shape: 'triangle-up' },
  formula: 'x for x > 0, exp(x) - 1 below',
  value: (x) => (x > 0 ? x : Math.expm1(x)),
  derivative: (x) => (x > 0 ? 1 : Math.exp(x)),
  linearPieces: [[0, Infinity]],
  compose: (x, { elu }) => elu(x),
  kernel: 'v128.bitselect(x, expMinus1(f32x4.pmin(x, f32x4.splat(0))), f32x4.gt(x, f32x4.splat(0)))',
  training:
    'const e = expMinus1(f32x4.pmin(x, zero)); d = f32x4.add(e, one); y = v128.bitselect(x, e, f32x4.gt(x, zero));',
};
