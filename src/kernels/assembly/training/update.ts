import { plusProductF32 } from '../multiply-add';

/**
 * Steps of the optimisers over `count` float32 of parameters and gradients that lie alike; regions are whole vectors.
 */

/** Stochastic gradient descent with momentum, as in PyTorch. v = momentum v + g + decay w, w -= rate v. */
export function descend(
  w: usize,
  g: usize,
  v: usize,
  count: i32,
  rate: f32,
  momentum: f32,
  decay: f32,
  nesterov: bool,
): void {
  const minus = f32x4.splat(-rate),
    keep = f32x4.splat(momentum),
    shrink = f32x4.splat(decay);
  for (let k: usize = 0; k < (<usize>count) << 2; k += 16) {
    const weight = v128.load(w + k);
    const slope = plusProductF32(v128.load(g + k), shrink, weight);
    const velocity = plusProductF32(slope, keep, v128.load(v + k));
    v128.store(v + k, velocity);
    const step = nesterov ? plusProductF32(slope, keep, velocity) : velocity;
    v128.store(w + k, plusProductF32(weight, minus, step));
  }
}

/**
 * One step of AdamW (Loshchilov and Hutter, 2019). `first` and `second` are the moments. `rate` is that of the step
 * with the first moment's correction, and `rest1` and `rest2` are 1 - beta. `root` is 1 / sqrt(the second moment's
 * correction), and `keep` is 1 - rate decay, by which weights shrink.
 */
export function descendAdam(
  w: usize,
  g: usize,
  first: usize,
  second: usize,
  count: i32,
  rate: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  keep: f32,
  root: f32,
): void {
  const minus = f32x4.splat(-rate),
    b1 = f32x4.splat(beta1),
    b2 = f32x4.splat(beta2),
    r1 = f32x4.splat(rest1),
    r2 = f32x4.splat(rest2),
    small = f32x4.splat(epsilon),
    kept = f32x4.splat(keep),
    scale = f32x4.splat(root);
  for (let k: usize = 0; k < (<usize>count) << 2; k += 16) {
    const slope = v128.load(g + k);
    const m = plusProductF32(f32x4.mul(r1, slope), b1, v128.load(first + k));
    const s = plusProductF32(f32x4.mul(f32x4.mul(r2, slope), slope), b2, v128.load(second + k));
    v128.store(first + k, m);
    v128.store(second + k, s);
    const step = f32x4.div(m, plusProductF32(small, f32x4.sqrt(s), scale));
    v128.store(w + k, plusProductF32(f32x4.mul(v128.load(w + k), kept), minus, step));
  }
}

/** average += part (w - average). */
export function follow(average: usize, w: usize, count: i32, part: f32): void {
  const share = f32x4.splat(part);
  for (let k: usize = 0; k < (<usize>count) << 2; k += 16) {
    const old = v128.load(average + k);
    v128.store(average + k, plusProductF32(old, share, f32x4.sub(v128.load(w + k), old)));
  }
}
