import { splitNotation } from '../fields.js';
import { unknown } from '../errors.js';
import { biasNotations, readScale, weightNotations, type FilterShape } from './initialisation.js';
import { inputNotations, parseInputs } from './inputs.js';

/**
 * Returns the variance of one weight or bias of a convolution by its rule. Rules are those of `readWeights` and
 * `readBias`; all have mean 0, and `none` has variance 0. @throws RangeError for an invalid rule
 */
export function weightVariance(notation: string, shape: FilterShape): number {
  const { name, argument } = splitNotation(notation);
  const scale = readScale(argument ?? '1')?.(shape) ?? NaN;
  const fanIn = (shape.depthwise ? 1 : shape.inputs) * shape.kernel ** 2;
  const fanOut = shape.outputs * shape.kernel ** 2;
  switch (name) {
    case 'none':
      return 0;
    case 'normal':
      return scale ** 2;
    case 'uniform':
      return scale ** 2 / 3;
    case 'kaiming-normal':
    case 'kaiming-uniform':
      return 2 / (argument === 'fan-out' ? fanOut : fanIn);
    case 'xavier-normal':
    case 'xavier-uniform':
      return 2 / (fanIn + fanOut);
    case 'pytorch':
      return 1 / (3 * fanIn);
    case 'orthogonal':
      return 1 / Math.max(shape.outputs, fanIn);
    default:
      throw unknown('weights', notation, [weightNotations, biasNotations]);
  }
}

/**
 * Returns the mean and variance of one input by its rule, see `readInputs`.
 * @throws RangeError for a rule that is not a distribution
 */
export function inputMoments(notation: string): { mean: number; variance: number } {
  const rule = parseInputs(notation);
  switch (rule?.name) {
    case 'normal':
      return { mean: 0, variance: rule.scale ** 2 };
    case 'uniform':
      return { mean: rule.scale / 2, variance: rule.scale ** 2 / 12 };
    case 'half-normal':
      return { mean: rule.scale * Math.sqrt(2 / Math.PI), variance: rule.scale ** 2 * (1 - 2 / Math.PI) };
    default:
      throw unknown('inputs', notation, [inputNotations.replace(', file:PATH (a .npy array)', '')]);
  }
}
