import type { ActivationDefinition } from './activation.js';
import { sigmoid } from './sigmoid.js';

/** A smooth ReLU (Dugas et al., 2001). */
export const softplus: ActivationDefinition = {
  label: 'Softplus',
  style: { colour: '#2fb1f5', dash: [1.5, 2], shape: 'diamond' },
  formula: 'log(1 + exp(x))',
  value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  derivative: sigmoid.value,
  linearPieces: [],
  compose: (x, { softplus }) => softplus(x),
  kernel: 'f32x4.add(f32x4.pmax(x, f32x4.splat(0)), log1Plus(expNegative(x)))',
  training:
    'const u = expNegative(x); y = f32x4.add(f32x4.pmax(x, zero), log1Plus(u)); ' +
    'd = f32x4.div(v128.bitselect(one, u, f32x4.ge(x, zero)), f32x4.add(one, u));',
};
