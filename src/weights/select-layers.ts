import { invalid } from '../errors.js';
import { layersOf } from '../formats/layers/layers-of.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { ModelFile, Skipped } from '../formats/model-file.js';

/** Returns the layers of a model whose names match. @throws RangeError where there is none */
export function selectLayers(
  model: ModelFile,
  pattern?: string,
): { layers: readonly WeightMatrix[]; skipped: readonly Skipped[] } {
  const { layers, skipped } = layersOf(model);
  if (layers.length === 0) {
    const reasons = skipped.slice(0, 3).map(({ name, reason }) => `${name}: ${reason}`);
    throw invalid(
      'model',
      model.path,
      `a file with a layer to measure; ${reasons.join('; ') || 'it has no tensor'}`,
    );
  }
  if (pattern === undefined) return { layers, skipped };
  const regular = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const matches = new RegExp(`^${regular.join('.*')}$`, 's');
  const chosen = layers.filter(({ name }) => matches.test(name));
  const names = layers.slice(0, 5).map(({ name }) => name);
  if (chosen.length === 0)
    throw invalid('layers', pattern, `a pattern that a layer matches, such as ${names.join(', ')}`);
  return { layers: chosen, skipped };
}
