import { readBoolean, readNumber, readName, resolveFields, type Fields, type Given } from '../fields.js';
import { readWeights, weightNotations } from '../layers/initialisation.js';
import { checkSeed } from '../random/stream.js';
import { readSchedule, scheduleNotations } from './learning-rate.js';

/** Every choice that decides how a network is trained, as plain data; {@link recipeFields} has the defaults. */
export interface Recipe {
  readonly epochs: number;
  readonly batch: number;
  readonly optimiser: 'sgd' | 'adamw';
  readonly learningRate: number;
  readonly schedule: string;
  readonly warmUp: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly crop: number;
  readonly flip: boolean;
  readonly cutOut: number;
  readonly average: number;
  readonly weights: string;
  readonly classifier: string;
  readonly seed: number;
}

export const recipeFields: Fields<Recipe> = {
  epochs: {
    meaning: 'passes over the training images',
    default: 10,
    why: 'designs of one budget begin to part at 10: the spread between seeds halves from 5',
    allowed: 'a whole number from 1 to 10000',
    read: readNumber((x) => Number.isInteger(x) && x >= 1 && x <= 10_000),
  },
  batch: {
    meaning: 'images per step; an incomplete last batch of an epoch is dropped',
    default: 64,
    why: 'small enough for many steps in few epochs, large enough for the statistics of normalizations',
    allowed: 'a whole number from 2 to 65536',
    read: readNumber((x) => Number.isInteger(x) && x >= 2 && x <= 65_536),
  },
  optimiser: {
    meaning: 'SGD with momentum, or AdamW',
    default: 'sgd',
    why: 'what the paper and most networks of this kind were trained with',
    allowed: 'sgd, adamw',
    read: readName(['sgd', 'adamw']),
  },
  learningRate: {
    meaning: 'peak learning rate',
    default: 0.05,
    why: 'suits SGD with momentum at 64 images per step; for AdamW use about 0.002',
    allowed: 'a number above 0, at most 100',
    read: readNumber((x) => x > 0 && x <= 100),
  },
  schedule: {
    meaning: 'how the learning rate falls after the warm-up',
    default: 'cosine',
    why: 'falls to 0 without further choices',
    allowed: scheduleNotations,
    read: (value) => (typeof value === 'string' && readSchedule(value) ? value : undefined),
  },
  warmUp: {
    meaning: 'epochs in which the learning rate rises to its peak',
    default: 0.5,
    why: 'the first steps have the largest gradients',
    allowed: 'a number from 0 to 1000',
    read: readNumber((x) => x >= 0 && x <= 1000),
  },
  momentum: {
    meaning: 'momentum of SGD',
    default: 0.9,
    why: 'the usual one',
    allowed: 'a number from 0, below 1',
    read: share,
  },
  nesterov: {
    meaning: 'whether SGD uses Nesterov momentum',
    default: true,
    why: 'usual for small images, at no cost',
    allowed: 'true, false',
    read: readBoolean,
  },
  beta1: {
    meaning: 'decay rate of the mean gradient of AdamW',
    default: 0.9,
    why: 'the published one',
    allowed: 'a number from 0, below 1',
    read: share,
  },
  beta2: {
    meaning: 'decay rate of the mean squared gradient of AdamW',
    default: 0.999,
    why: 'the published one',
    allowed: 'a number from 0, below 1',
    read: share,
  },
  epsilon: {
    meaning: 'added to the denominator of AdamW',
    default: 1e-8,
    why: 'the published one',
    allowed: 'a number above 0, at most 1',
    read: readNumber((x) => x > 0 && x <= 1),
  },
  weightDecay: {
    meaning: 'weight decay; biases and normalizations have none',
    default: 5e-4,
    why: 'the usual one of small images',
    allowed: 'a number from 0 to 10',
    read: readNumber((x) => x >= 0 && x <= 10),
  },
  labelSmoothing: {
    meaning: 'share of the target that is spread over all classes',
    default: 0,
    why: 'few epochs do not overfit, and the loss stays the cross-entropy itself',
    allowed: 'a number from 0, below 1',
    read: share,
  },
  crop: {
    meaning: 'largest random shift, as a share of the resolution; the mean colour fills the rest',
    default: 0.125,
    why: '4 of 32 pixels, the usual one',
    allowed: 'a number from 0 to 1',
    read: readNumber((x) => x >= 0 && x <= 1),
  },
  flip: {
    meaning: 'whether half of the images are mirrored',
    default: true,
    why: 'a mirrored photograph shows the same class; a mirrored digit or letter may not',
    allowed: 'true, false',
    read: readBoolean,
  },
  cutOut: {
    meaning: 'side of a square filled with the mean colour, as a share of the resolution',
    default: 0,
    why: 'pays only after many epochs',
    allowed: 'a number from 0 to 1',
    read: readNumber((x) => x >= 0 && x <= 1),
  },
  average: {
    meaning: 'share that a moving average of the parameters keeps in each step, 0 for no average',
    default: 0,
    why: 'a learning rate that falls to 0 averages by itself',
    allowed: 'a number from 0, below 1',
    read: share,
  },
  weights: {
    meaning: 'first weights of convolutions and hidden layers',
    default: 'kaiming-normal:fan-out',
    why: 'as in the MobileNetV2 of torchvision',
    allowed: weightNotations,
    read: readWeightNotation,
  },
  classifier: {
    meaning: 'first weights of the classifier',
    default: 'normal:0.01',
    why: 'the first scores are nearly equal; as in the MobileNetV2 of torchvision',
    allowed: weightNotations,
    read: readWeightNotation,
  },
  seed: {
    meaning: 'seed of first weights, order, crops, flips and cut-outs',
    default: 0,
    why: 'any',
    allowed: 'a whole number from 0 to 2^53 - 1',
    read: (value) => {
      const seed = readNumber((x) => Number.isSafeInteger(x) && x >= 0)(value);
      return seed === undefined ? undefined : checkSeed(seed);
    },
  },
};

/**
 * Returns a complete recipe, with defaults for missing fields.
 * @throws RangeError for an unknown key or a value that is not allowed
 * @example
 * resolveRecipe({ epochs: 30, labelSmoothing: 0.1 });
 */
export function resolveRecipe(given: Given<Recipe> = {}): Recipe {
  return resolveFields('recipe', recipeFields, given);
}

function share(value: unknown): number | undefined {
  return readNumber((x) => x >= 0 && x < 1)(value);
}

function readWeightNotation(value: unknown): string | undefined {
  return typeof value === 'string' && readWeights(value) ? value : undefined;
}
