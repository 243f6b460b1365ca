import type { Vector } from './vector.js';
import { activationDefinitions, type ActivationName } from '../../activations/definitions.js';

/** Returns f(x) of every entry. */
export function activated(x: Vector, name: ActivationName): Vector {
  return name === 'linear' ? x : x.map(activationDefinitions[name].value);
}

/** Returns the gradient of an activation's input: that of its output times f'(x). */
export function activationGradient(dy: Vector, x: Vector, name: ActivationName): Vector {
  if (name === 'linear') return dy;
  const { derivative } = activationDefinitions[name];
  return dy.map((gradient, i) => gradient * derivative(x[i]!));
}
