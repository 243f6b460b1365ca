import { invalid } from '../errors.js';
import { checkInputArray, checkRoom, type InputArray } from '../layers/inputs.js';
import { layerRules } from '../layers/layer-rules.js';
import { drawSizes, largestSizes, type LayerSizes } from '../layers/layer.js';
import type { Study } from './study.js';

/**
 * Returns the user's own inputs after checks for every layer of a study; undefined if it needs no inputs. @throws
 * RangeError if required inputs are missing, are not images or features, are not finite, or have fewer samples or
 * places than the largest layer takes
 */
export function checkInputs(study: Study, array: InputArray | undefined): InputArray | undefined {
  const { protocol, blocks, ratios } = study;
  const rules = layerRules(protocol);
  if (array === undefined) {
    if ('file' in rules.inputs)
      throw invalid('inputs', rules.inputs.text, 'an array read from that file, passed as `inputs`');
    return undefined;
  }
  checkInputArray(array);
  const shapeOf = ({ images, dIn }: Pick<LayerSizes, 'images' | 'dIn'>) => {
    return { images, spatial: protocol.spatial, channels: dIn };
  };
  const points = blocks.flatMap((block) => ratios.map((dimensionRatio) => ({ block, dimensionRatio })));
  try {
    for (const point of points) checkRoom(array, shapeOf(largestSizes(point, rules)));
  } catch {
    // the largest layer that could be drawn is too large; those that will be drawn decide
    let [images, dIn] = [0, 0];
    for (const point of points) {
      for (let index = 0; index < study.layers; index++) {
        const sizes = drawSizes({ ...point, seed: study.seed, index }, rules);
        images = Math.max(images, sizes.images);
        dIn = Math.max(dIn, sizes.dIn);
      }
    }
    checkRoom(array, shapeOf({ images, dIn }));
  }
  return array;
}
