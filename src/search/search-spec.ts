import * as v from 'valibot';
import { invalid, missing } from '../errors.js';
import { entryOf } from '../lookups.js';
import { sampleConfigurations } from '../designs/sample-configurations.js';
import { cifarNetwork } from '../networks/cifar.js';
import { networkCosts } from '../networks/network-costs.js';
import { networkFromJson } from '../networks/network-json.js';
import { networkNamed } from '../networks/network-named.js';
import { withSettings } from '../networks/network-settings.js';
import type { Network } from '../networks/network.js';
import { formatTolerance, parseTolerance } from '../rank/tolerance.js';
import { shuffled } from '../random/shuffled.js';
import { createStream } from '../random/stream.js';
import { countTo, listOf, numberThat, readSchema, strict, textTo } from '../schema.js';
import type { TrainingData } from '../training/data/labelled-images.js';
import { type Recipe, resolveRecipe } from '../training/recipe.js';
import { someImages } from './some-images.js';

/** Finer ones find nearly every trained output of full rank; see docs/search.md. */
export const searchTolerance = 'relative:0.01';

const MAX_DESIGNS = 100_000;
const MAX_SEEDS = 10_000;
const seed = countTo(Number.MAX_SAFE_INTEGER, 0);
const cost = numberThat((x) => x >= 1, 'a number from 1');
const recipe = v.pipe(
  v.unknown(),
  v.transform((value): Recipe => resolveRecipe(value as Partial<Recipe>)),
);
const tolerance = v.pipe(
  textTo(1000),
  v.transform((rule) => formatTolerance(parseTolerance(rule))),
);
const halving = strict({ eta: countTo(100, 2), first: v.optional(countTo(10_000), 1) });

const channelList = listOf(countTo(65_536), 1000);
const isSample = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Designs drawn within a budget: `params` and `macs`, or else the costs of `like`. */
const sampleSchema = strict({
  count: countTo(MAX_DESIGNS),
  like: v.optional(textTo(10_000)),
  blocks: v.optional(countTo(1000)),
  params: v.optional(cost),
  macs: v.optional(cost),
  within: v.optional(
    numberThat((x) => x > 0 && x <= 0.5, 'a share above 0, at most 0.5'),
    0.01,
  ),
  minChannels: v.optional(countTo(65_536)),
  seed: v.optional(seed, 0),
});

const studySchema = strict({
  /** A sample, or a list: channels of CIFAR networks, names of networks, or their definitions. */
  designs: v.union(
    [
      v.pipe(v.custom<unknown>(isSample), sampleSchema),
      listOf(v.union([channelList, textTo(10_000), v.custom<object>(isSample)]), MAX_DESIGNS),
    ],
    'an object that describes a sample, with count and like or params and macs, or a list of designs: channels, names or networks',
  ),
  seeds: v.optional(
    v.union([countTo(MAX_SEEDS), listOf(seed, MAX_SEEDS)], 'a number of seeds, or a list of seeds'),
    1,
  ),
  repeats: v.optional(v.nullable(strict({ designs: countTo(MAX_DESIGNS), seeds: countTo(MAX_SEEDS) })), null),
  data: v.optional(textTo(10_000)),
  resolution: v.optional(countTo(8192), 32),
  trainImages: v.optional(v.nullable(countTo(Number.MAX_SAFE_INTEGER)), null),
  testImages: v.optional(v.nullable(countTo(Number.MAX_SAFE_INTEGER)), null),
  testShare: v.optional(numberThat((x) => x > 0 && x < 1, 'a number above 0, below 1')),
  recipe: v.optional(recipe, {}),
  tolerance: v.optional(tolerance, searchTolerance),
  halving: v.optional(v.nullable(halving), null),
});

/** A search as a study file has it, with defaults filled in. */
export type SearchStudy = v.InferOutput<typeof studySchema>;
export type SearchStudyInput = v.InferInput<typeof studySchema>;

/** Returns a study with defaults for missing fields. @throws RangeError that names the key */
export function resolveSearchStudy(value: unknown): SearchStudy {
  const { designs } = (isSample(value) ? value : {}) as { designs?: unknown };
  if (isSample(designs)) readSchema('designs', sampleSchema, designs); // names the key inside
  return readSchema('search', studySchema, value);
}

const text = textTo(10_000);
const designSchema = strict({
  id: countTo(MAX_DESIGNS, 0),
  name: text,
  channels: channelList,
  /** Null for a CIFAR network, which its channels define. */
  definition: v.nullable(
    v.pipe(
      v.unknown(),
      v.transform((value): Network => networkFromJson(value)),
    ),
  ),
  /** `best` or `worst` of an earlier search that is trained again. */
  group: v.nullable(textTo(100)),
});

export const searchSchema = strict({
  designs: listOf(designSchema, MAX_DESIGNS),
  /** The sampling of the designs; null for a list. */
  sample: v.nullable(sampleSchema),
  seeds: listOf(seed, MAX_SEEDS),
  /** The first designs have these seeds instead. */
  repeats: v.nullable(strict({ designs: countTo(MAX_DESIGNS), seeds: listOf(seed, MAX_SEEDS) })),
  resolution: countTo(8192),
  data: strict({
    kind: text,
    classes: listOf(textTo(1000), 1e6),
    trainImages: countTo(Number.MAX_SAFE_INTEGER),
    testImages: countTo(Number.MAX_SAFE_INTEGER),
    split: text,
  }),
  recipe,
  tolerance,
  halving: v.nullable(halving),
});

/** Everything that decides the rows of a search, besides the bytes of its images. */
export type SearchSpec = v.InferOutput<typeof searchSchema>;
export type SearchDesign = SearchSpec['designs'][number];

/** One network to train. */
export interface SearchTask {
  readonly design: number;
  readonly seed: number;
}

/**
 * Returns the specification of a study on this data, and the images that it uses. Sampled designs are in a random
 * order, so that the first ones, which are repeated, and the first tasks of a search cut short are fair samples.
 *
 * @throws RangeError for designs that cannot be drawn or built, seeds given twice, or more images than there are
 */
export function searchOn(study: SearchStudy, data: TrainingData): { spec: SearchSpec; data: TrainingData } {
  const taken = takenImages(data, study);
  const settings = { resolution: study.resolution, classes: data.classes.length };
  const sample = Array.isArray(study.designs) ? null : study.designs;
  const designs = (sample ? drawDesigns(sample, settings) : (study.designs as Listed[])).map((one, id) =>
    designOf(one, id, settings),
  );
  const seeds = typeof study.seeds === 'number' ? countFrom(study.seeds) : study.seeds;
  if (new Set(seeds).size < seeds.length) throw invalid('seeds', seeds.join(', '), 'each seed once');
  const { repeats } = study;
  if (repeats && repeats.designs > designs.length)
    throw invalid('repeats.designs', repeats.designs, `at most ${designs.length}, the designs`);
  if (repeats && repeats.seeds < seeds.length)
    throw invalid('repeats.seeds', repeats.seeds, `at least ${seeds.length}, the seeds of every design`);
  const spec: SearchSpec = {
    ...{ designs, sample, seeds, resolution: study.resolution },
    repeats: repeats && { designs: repeats.designs, seeds: moreSeeds(seeds, repeats.seeds) },
    data: {
      ...{ kind: data.kind, classes: [...data.classes], split: data.split },
      ...{ trainImages: taken.train.count, testImages: taken.test.count },
    },
    ...{
      recipe: { ...(study.recipe as Recipe), seed: 0 },
      tolerance: study.tolerance,
      halving: study.halving,
    },
  };
  return { spec, data: taken };
}

/** Returns the images of the data that a search uses. @throws RangeError for more than there are */
export function takenImages(
  data: TrainingData,
  { trainImages, testImages }: Pick<SearchStudy, 'trainImages' | 'testImages'>,
): TrainingData {
  return {
    ...data,
    train: someImages(data.train, trainImages, 'trainImages'),
    test: someImages(data.test, testImages, 'testImages'),
  };
}

/**
 * Returns the tasks in order: all designs with the first seed, then with the second, and so on. Further seeds of
 * repeated designs come last.
 */
export function searchTasks({ designs, seeds, repeats }: SearchSpec): SearchTask[] {
  const all = seeds.flatMap((seed) => designs.map(({ id }) => ({ design: id, seed })));
  const further = (repeats?.seeds ?? []).filter((seed) => !seeds.includes(seed));
  const repeated = designs.slice(0, repeats?.designs ?? 0);
  return [...all, ...further.flatMap((seed) => repeated.map(({ id }) => ({ design: id, seed })))];
}

/** Returns the design of a number, which the search must have. */
export function designNumbered({ designs }: SearchSpec, number: number): SearchDesign {
  return entryOf(new Map(designs.map((design) => [design.id, design])), number);
}

/** Returns the network of a design as it is trained. */
export function networkOfDesign({ resolution, data }: SearchSpec, design: SearchDesign): Network {
  return design.definition ?? cifarNetwork(design.channels, { resolution, classes: data.classes.length });
}

type Listed = readonly number[] | string | object;
type Settings = Readonly<Record<'resolution' | 'classes', number>>;

function designOf(given: Listed, id: number, settings: Settings): SearchDesign {
  if (Array.isArray(given)) {
    const { name } = cifarNetwork(given as number[], settings);
    return { ...{ id, name, channels: [...(given as number[])] }, definition: null, group: null };
  }
  const network =
    typeof given === 'string'
      ? networkNamed(given, settings)
      : withSettings(networkFromJson(given), settings);
  const channels = network.blocks.map((block) => block.channels);
  const isCifar =
    typeof given === 'string' && JSON.stringify(network) === JSON.stringify(cifarOr(channels, settings));
  return { ...{ id, name: network.name, channels }, definition: isCifar ? null : network, group: null };
}

function cifarOr(channels: readonly number[], settings: Settings): Network | undefined {
  try {
    return cifarNetwork(channels, settings);
  } catch {
    return undefined;
  }
}

type Sample = NonNullable<SearchSpec['sample']>;

function drawDesigns(sample: Sample, settings: Settings): (readonly number[])[] {
  const { count, like, within, seed } = sample;
  const pattern = like === undefined ? undefined : networkNamed(like, settings);
  if (like !== undefined && !like.startsWith('cifar:'))
    throw invalid('designs.like', like, 'a CIFAR network, cifar:C-C-...');
  const blocks = sample.blocks ?? pattern?.blocks.length;
  if (blocks === undefined) throw missing('designs.blocks', 'not given', 'a number of blocks, or like');
  const costs = pattern && networkCosts(pattern);
  const params = sample.params ?? costs?.params;
  const macs = sample.macs ?? costs?.macs;
  if (params === undefined && macs === undefined)
    throw missing('budget', 'not given', 'designs.like, designs.params or designs.macs');
  // no block may be narrower than the stem, unless the pattern has such blocks
  const narrowest =
    pattern && Math.min(pattern.stem.channels, ...pattern.blocks.map((block) => block.channels));
  const minChannels = sample.minChannels ?? narrowest;
  const found = sampleConfigurations({
    ...{ count, blocks, params, macs, within, seed, minChannels },
    like: (channels) => cifarNetwork(channels, settings),
  });
  return shuffled(
    found.map(({ channels }) => channels),
    createStream(seed, 'search/designs'),
  );
}

const countFrom = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

/** Returns the seeds, followed by the next ones up to the count. */
function moreSeeds(seeds: readonly number[], count: number): number[] {
  const next = seeds.reduce((max, seed) => Math.max(max, seed), -1) + 1;
  return [...seeds, ...countFrom(count - seeds.length, next)];
}
