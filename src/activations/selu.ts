import type { ActivationDefinition } from './activation.js';

const SCALE = 1.0507009873554805;
/** The scale times alpha. */
const SLOPE = 1.7580993408473768;

/** The scaled exponential linear unit (Klambauer et al., "Self-normalizing neural networks", 2017). */
export const selu: ActivationDefinition = {
  label: 'SELU',
  style: { colour: '#ff0e4d', dash: [3, 2, 1.5, 2], shape: 'M-.96,-1.08H.96L-.96,1.08H.96Z' },
  formula: '1.0507 x for x > 0, 1.7581 (exp(x) - 1) below',
  value: (x) => (x > 0 ? SCALE * x : SLOPE * Math.expm1(x)),
  derivative: (x) => (x > 0 ? SCALE : SLOPE * Math.exp(x)),
  linearPieces: [[0, Infinity]],
  compose: (x, { selu }) => selu(x),
  kernel:
    `v128.bitselect(f32x4.mul(x, f32x4.splat(${SCALE})), ` +
    `f32x4.mul(expMinus1(f32x4.pmin(x, f32x4.splat(0))), f32x4.splat(${SLOPE})), f32x4.gt(x, f32x4.splat(0)))`,
  training:
    'const e = expMinus1(f32x4.pmin(x, zero)), above = f32x4.gt(x, zero); ' +
    `const slope = f32x4.splat(${SLOPE}), scale = f32x4.splat(${SCALE}); ` +
    'd = v128.bitselect(scale, plusProductF32(slope, slope, e), above); ' +
    'y = v128.bitselect(f32x4.mul(scale, x), f32x4.mul(slope, e), above);',
};
