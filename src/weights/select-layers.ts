import { invalid } from '../errors.js';
import { firstOf } from '../lookups.js';
import { layersOf } from '../formats/layers/layers-of.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { ModelFile, Skipped } from '../formats/model-file.js';

/** Returns the layers of a model whose names match. @throws RangeError where there is none */
export function selectLayers(
  model: ModelFile,
  pattern?: string,
): { layers: readonly WeightMatrix[]; skipped: readonly Skipped[] } {
  const { layers, skipped } = layersOf(model);
  if (layers.length === 0) throw noLayer(model, skipped);
  const matches = namePattern(
    pattern,
    layers.map(({ name }) => name),
  );
  return { layers: layers.filter(({ name }) => matches(name)), skipped };
}

/**
 * Returns the error for a model without a measurable layer. It gives reasons, and the calls that loading the file would
 * have made.
 */
export function noLayer(
  { path, notes }: Pick<ModelFile, 'path' | 'notes'>,
  skipped: readonly Skipped[],
): RangeError {
  const reasons = skipped.slice(0, 3).map(({ name, reason }) => `${name}: ${reason}`);
  const words = [reasons.join('; ') || 'it has no tensor', ...notes];
  return invalid('model', path, `a file with a layer to measure; ${words.join('; ')}`);
}

/**
 * Returns whether a name matches a pattern, in which `*` stands for any letters; without a pattern all match.
 * @throws RangeError where none of the names does
 */
export function namePattern(
  pattern: string | undefined,
  names: readonly string[],
): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const holds = matching(pattern);
  const matches = (name: string) => holds({ name });
  if (!names.some(matches))
    throw invalid(
      'layers',
      pattern,
      `a pattern that a layer matches, such as ${names.slice(0, 5).join(', ')}`,
    );
  return matches;
}

/** Returns the one layer of a name, or that a pattern matches. @throws RangeError where there are none or several */
export function oneLayer<Layer extends { readonly name: string }>(
  layers: readonly Layer[],
  wanted: string,
): Layer {
  const named = layers.find(({ name }) => name === wanted);
  if (named) return named;
  const found = layers.filter(matching(wanted));
  if (found.length === 1) return firstOf(found);
  const names = (found.length > 1 ? found : layers).slice(0, 5).map(({ name }) => name);
  throw invalid('layer', wanted, `one layer, such as ${names.join(', ')}`);
}

/** Returns whether a layer's name matches; `*` stands for any letters, and a pattern without it for whole parts too. */
function matching(pattern: string): (layer: { readonly name: string }) => boolean {
  const regular = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const whole = regular.join('.*');
  const matches = new RegExp(regular.length > 1 ? `^${whole}$` : `(^|[./])${whole}($|[./[])`, 's');
  return ({ name }) => matches.test(name);
}
