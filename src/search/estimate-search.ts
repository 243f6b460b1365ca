import type { TrainingData } from '../training/data/labelled-images.js';
import { trainNetwork } from '../training/train-network.js';
import type { TrainingEngineName } from '../training/training-engines.js';
import { rungsOf, keptInRung } from './halving.js';
import { networkOfDesign, searchTasks, type SearchSpec } from './search-spec.js';

/** Seconds of training on which an estimate rests. */
const SECONDS = 2;
/** The number of images tested in the time that training on one takes. */
const TESTS = 3;

export interface SearchEstimate {
  /** Networks to train, and training images of all of them over all epochs. */
  readonly networks: number;
  readonly images: number;
  /** Of one core. */
  readonly imagesPerSecond: number;
  /** Of all these networks, on this many workers. */
  readonly seconds: number;
}

export interface EstimateSearchOptions {
  readonly engine: TrainingEngineName;
  /** @default 1 */
  readonly workers?: number | undefined;
  /** Number of networks to train, of a part or of what is left. @default all of the search */
  readonly networks?: number | undefined;
}

/** Returns the expected time of a search, from a few steps of its first network. */
export async function estimateSearch(
  spec: SearchSpec,
  data: TrainingData,
  { engine, workers = 1, networks = searchTasks(spec).length }: EstimateSearchOptions,
): Promise<SearchEstimate> {
  const end = new AbortController();
  const begun = performance.now();
  const network = networkOfDesign(spec, spec.designs[0]!);
  const { imagesPerSecond } = await trainNetwork(network, data, spec.recipe, {
    ...{ engine, signal: end.signal },
    onStep: () => {
      if (performance.now() - begun > 1000 * SECONDS) end.abort();
    },
  });
  let [alive, before, epochs, tests] = [networks, 0, 0, 0];
  for (const rung of rungsOf(spec)) {
    epochs += alive * (rung - before);
    tests += alive;
    before = rung;
    if (rung < spec.recipe.epochs) alive = keptInRung(spec, rung, networks);
  }
  const images = epochs * data.train.count;
  const seconds = (images + (tests * data.test.count) / TESTS) / Math.max(imagesPerSecond, 1e-9);
  return { networks, images, imagesPerSecond, seconds: seconds / Math.max(1, Math.min(workers, networks)) };
}
