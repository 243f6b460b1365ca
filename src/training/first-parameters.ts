import { entryOf } from '../lookups.js';
import { drawParameters } from '../models/draw-parameters.js';
import type { Parameters } from '../models/parameters.js';
import type { Network } from '../networks/network.js';
import type { Recipe } from './recipe.js';

/** Returns the parameters at the start of training; biases are 0. Each tensor has a stream of its own. */
export function firstParameters(
  network: Network,
  { seed, weights, classifier }: Pick<Recipe, 'seed' | 'weights' | 'classifier'>,
): Parameters {
  const rest = drawParameters(network, { seed, weights });
  const last = drawParameters(network, { seed, weights: classifier });
  return new Map(
    [...rest].map(([name, parameter]) => [
      name,
      name.startsWith('classifier.') ? entryOf(last, name) : parameter,
    ]),
  );
}
