import { invalid, missing } from '../../errors.js';
import type { ModelFile } from '../../formats/model-file.js';
import type { GraphValue } from '../../formats/model-graph.js';
import { openModel } from '../../formats/open-model.js';
import { arrayInputs } from './array-inputs.js';
import type { ModelInputs } from './model-inputs.js';
import { imageInputs, type ImageInputOptions } from './image-inputs.js';

export interface InputOptions extends ImageInputOptions {
  /** Inputs used, from the first of the order on. @default all, at most 64 images */
  readonly count?: number | undefined;
}

/** A description of the inputs, for the result. */
export interface OpenInputs extends ModelInputs {
  /** Every choice that decides the numbers: size, mean, std, layout, channel order, seed, or the shapes of arrays. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Returns the inputs of a model from a path. It may be a folder of images, CIFAR files, an image, `.npy` for a model of
 * one input, or `.npz` with one array per input. Integers become the type of the model's input.
 *
 * @throws RangeError for a path without inputs, or shapes that do not fit; it names the model's inputs and their shapes
 */
export async function openInputs(
  path: string,
  inputs: readonly GraphValue[],
  options: InputOptions = {},
): Promise<OpenInputs> {
  if (inputs.length === 0) throw missing('inputs of the model', 'none', 'a model with an input');
  if (!/\.np[yz]$/i.test(path)) return imageInputs(path, inputs, options);
  for (const key of ['size', 'mean', 'std', 'layout', 'channelOrder'] as const)
    if (options[key] !== undefined)
      throw invalid(
        `${flags[key]}`,
        options[key],
        `only with images; arrays such as ${path} are used unchanged`,
      );
  const file: ModelFile = await openModel(path);
  return arrayInputs(file, inputs, options.count);
}

const flags = {
  size: 'size',
  mean: 'mean',
  std: 'std',
  layout: 'layout',
  channelOrder: 'channel-order',
} as const;
