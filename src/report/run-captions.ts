import { basename } from 'node:path';
import type { DepthSpec } from '../runs/depth-run.js';
import type { FeaturesSpec } from '../runs/features-run.js';
import type { KeptSearch } from '../runs/search-run.js';
import { rungsOf } from '../search/halving.js';
import type { TrainingSpec } from '../runs/training-run.js';

/** Returns the caption of a figure of ranks along the depth of networks. */
export function depthCaption({
  networks,
  weights,
  seed,
  images,
  tolerances,
}: Pick<DepthSpec, 'networks' | 'weights' | 'seed' | 'images' | 'tolerances'>): string {
  const sizes = [...new Set(networks.map(({ resolution }) => `${resolution} x ${resolution}`))].join(', ');
  const origin = weights === null ? `random weights, seed ${seed}` : `weights of ${weights}`;
  return `${images} at ${sizes}, ${origin}, tolerance ${tolerances[0]}.`;
}

/** Returns the caption of a figure of a model's features. */
export function featuresCaption({ file, runner, inputs }: FeaturesSpec): string {
  const ran = inputs.ran < inputs.count ? `, stopped after ${inputs.ran} of ${inputs.count} inputs` : '';
  return `${basename(file)} on ${runner}, ${inputs.words}${ran}.`;
}

/** Returns the caption of a figure of a training. */
export function trainingCaption({ network, resolution, data, recipe }: TrainingSpec): string {
  const { optimiser, learningRate, schedule, batch, seed } = recipe;
  return (
    `${network} at ${resolution} x ${resolution} pixels on ${data.kind}, ${data.trainImages} training and ` +
    `${data.testImages} test images; ${optimiser}, learning rate ${learningRate}, ${schedule}, batch ${batch}, seed ${seed}.`
  );
}

/** Returns the caption of the figure of a search, which begins with sentences on what is missing. */
export function searchCaption(
  kept: KeptSearch,
  sentences: readonly string[] = missingNetworks(kept),
): string {
  const { resolution, data, recipe } = kept.spec;
  const epochs = recipe.epochs === 1 ? '1 epoch' : `${recipe.epochs} epochs`;
  const images =
    `${data.kind} at ${resolution} x ${resolution} pixels, ${data.trainImages} training and ` +
    `${data.testImages} test images, ${epochs}${rungsOf(kept.spec).length > 1 ? ', halved successively' : ''}.`;
  return [...sentences, images].join(' ');
}

/** Returns sentences on the networks of a search that have no results. */
export function missingNetworks({ done, total, diverged }: KeptSearch): string[] {
  return [
    ...(done < total ? [`${done} of ${total} networks are trained.`] : []),
    ...(diverged.length > 0 ? [`${diverged.length} networks diverged and are left out.`] : []),
  ];
}
