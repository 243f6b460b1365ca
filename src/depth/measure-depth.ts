import { tf } from '../layers/tensors.js';
import { invalid, missing } from '../errors.js';
import { entryOf, lastOf } from '../lookups.js';
import {
  abortSignal,
  any,
  callback,
  listOf,
  maybe,
  numberThat,
  oneOf,
  orElse,
  readOptions,
  strict,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';
import type { ImageSource } from '../images/image-source.js';
import { type Tap, tapNames } from '../layers/blocks.js';
import { checkWasmMemory } from '../models/check-wasm-memory.js';
import { drawParameters } from '../models/draw-parameters.js';
import { buildNetwork, type NetworkModel } from '../models/network-model.js';
import type { Parameters } from '../models/parameters.js';
import { runSteps } from '../models/run-network.js';
import { calibrateBatchNorm } from '../models/calibrate-batch-norm.js';
import type { Network } from '../networks/network.js';
import { effectiveRank, largest, stableRank } from '../rank/metrics.js';
import { spectrumAndRanksOfSum } from '../rank/rank.js';
import { parseTolerances, type ToleranceLike } from '../rank/tolerance.js';
import { GramSum } from '../spectrum/wasm/gram/gram-sum.js';
import type { DepthRow } from './depth-row.js';
import { groupPlaces } from './group-places.js';
import { settlingImages, usualBatch } from './image-demand.js';
import { measuredPlaces, type NetworkPlace } from './measured-places.js';

/**
 * The default tolerance along the depth. numpy's tolerance grows with the number of columns. Positions fall with depth
 * by powers of four, so under numpy's rule early and late blocks could not be compared.
 */
export const depthTolerance = 'relative:0.001';

/** Maximum bytes of Gram matrices held at once. */
const MEMORY = 2 ** 29;

export interface DepthOptions {
  /**
   * The network's weights. Without them weights are drawn with the seed, and the normalizations get the mean and
   * variance of their features on the first 32 images (fewer if those would exceed 256 MB).
   */
  readonly parameters?: Parameters | undefined;
  /** Seed of the random weights. @default 0 */
  readonly seed?: number | undefined;
  /** @default ['relative:0.001'] */
  readonly tolerances?: readonly ToleranceLike[] | undefined;
  /** The taps to measure; stem and head count as `output`. @default all */
  readonly taps?: readonly Tap[] | undefined;
  /** Images run at once. @default the largest batch that keeps the features within 64 MB, at most 256 */
  readonly batch?: number | undefined;
  /** Bytes for Gram matrices; if they need more, the images are run several times. @default 2^29 */
  readonly memoryBytes?: number | undefined;
  /** Called with the number of images run and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between two batches and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const depthOptions = strict({
  parameters: maybe(any<Parameters>()),
  seed: orElse(wholeFrom(0), 0),
  tolerances: orElse(any<readonly ToleranceLike[]>(), [depthTolerance]),
  taps: maybe(listOf(oneOf(tapNames), tapNames.length)),
  batch: maybe(wholeFrom(1)),
  memoryBytes: orElse(
    numberThat((bytes) => bytes > 0, 'a number > 0'),
    MEMORY,
  ),
  onProgress: maybe(callback<NonNullable<DepthOptions['onProgress']>>()),
  signal: maybe(abortSignal),
} satisfies OptionEntries<DepthOptions>);

/**
 * Returns ranks and effective ranks along a network's depth, one row per tap and tolerance, in forward order. The taps
 * are the stem, every tap of every block, and the head. Features are channels by positions of all images. They are
 * added up batch by batch, so memory does not grow with the number of images. Runs on the active tensor backend.
 *
 * @throws RangeError for parameters that do not fit the network, an unknown tolerance, features that are not finite, or
 * a batch or resolution that needs more memory than the WebAssembly backend has
 * @example
 * await useBackend('auto');
 * const network = networkNamed('mobilenet-v2-1.0', { resolution: 64 });
 * const rows = await measureDepth(network, await randomImages(0).select(imagesNeeded(network)));
 */
export async function measureDepth(
  network: Network,
  images: ImageSource,
  options: DepthOptions = {},
): Promise<DepthRow[]> {
  const given = readOptions(depthOptions, options);
  const { seed, batch = usualBatch(network), memoryBytes, taps } = given;
  const tolerances = parseTolerances(given.tolerances);
  if (tf.getBackend() === 'wasm') checkWasmMemory(network, Math.min(batch, images.count));
  const places = measuredPlaces(network, taps);
  if (places.length === 0) throw missing('taps', taps?.join(', '), `${network.name} lacks these taps`);
  const parameters = given.parameters ?? (await randomParameters(network, images, seed));
  const model = buildNetwork(network, parameters);
  const groups = groupPlaces(places, memoryBytes);
  const total = groups.length * images.count;
  const about = { network: network.name, seed: given.parameters ? null : seed };
  try {
    const rows: DepthRow[] = [];
    for (const [i, group] of groups.entries()) {
      const sums = await sumGroup(model, images, group, batch, async (done) => {
        given.onProgress?.(i * images.count + done, total);
        await new Promise((resolve) => setImmediate(resolve)); // lets signals and timers run
        given.signal?.throwIfAborted();
      });
      rows.push(...group.flatMap((place) => rowsOf(place, entryOf(sums, place.step), tolerances, about)));
    }
    return rows;
  } finally {
    model.dispose();
  }
}

/** Returns random parameters whose normalizations are calibrated on the first images. */
async function randomParameters(network: Network, images: ImageSource, seed: number): Promise<Parameters> {
  const drawn = drawParameters(network, { seed });
  const first = await readTensor(network, images, 0, Math.min(images.count, settlingImages(network)));
  try {
    return calibrateBatchNorm(network, drawn, first);
  } finally {
    first.dispose();
  }
}

/** Runs all images up to the last place and returns the Gram sum of each place by its step. */
async function sumGroup(
  { network, steps }: NetworkModel,
  images: ImageSource,
  places: readonly NetworkPlace[],
  batch: number,
  afterBatch: (done: number) => Promise<void>,
): Promise<Map<number, GramSum>> {
  const sums = new Map(places.map(({ step, layer }) => [step, new GramSum(layer.channelsOut)]));
  const needed = steps.slice(0, lastOf(places).step + 1);
  for (let from = 0; from < images.count; from += batch) {
    const x = await readTensor(network, images, from, Math.min(batch, images.count - from));
    let step = 0;
    try {
      const last = runSteps(needed, x, (layer, output) => {
        const sum = sums.get(step++);
        if (sum) addPositions(sum, output, layer.name);
      });
      last.dispose();
    } finally {
      x.dispose();
    }
    await afterBatch(Math.min(from + batch, images.count));
  }
  return sums;
}

/** Positions lie one after the other with channels side by side, so nothing is transposed. */
function addPositions(sum: GramSum, output: tf.Tensor, layer: string): void {
  const data = output.dataSync<'float32'>();
  try {
    sum.addRows({ data, rows: data.length / sum.rows, columns: sum.rows });
  } catch (cause) {
    throw Object.assign(new RangeError(`features of ${layer}: ${(cause as Error).message}`), { cause });
  }
}

async function readTensor(
  { resolution, inputChannels }: Network,
  images: ImageSource,
  from: number,
  count: number,
): Promise<tf.Tensor4D> {
  const data = await images.read(from, count, resolution, inputChannels);
  const needed = count * resolution * resolution * inputChannels;
  if (data.length !== needed)
    throw invalid(
      'images',
      `${images.words}, ${data.length} numbers`,
      `${needed}: ${count} of ${resolution} x ${resolution} x ${inputChannels}`,
    );
  return tf.tensor4d(data, [count, resolution, resolution, inputChannels]);
}

function rowsOf(
  { layer, taps }: NetworkPlace,
  sum: GramSum,
  tolerances: readonly ToleranceLike[],
  about: Pick<DepthRow, 'network' | 'seed'>,
): DepthRow[] {
  const { spectrum, ranks } = spectrumAndRanksOfSum(sum, tolerances);
  const effective = effectiveRank(spectrum);
  return taps.flatMap((tap) =>
    ranks.map(({ rank, lower, upper, certified, rankRatio, tolerance }) => ({
      ...about,
      layer: layer.name,
      block: layer.block,
      tap,
      channelsIn: layer.channelsIn,
      channels: layer.channelsOut,
      size: layer.outputShape[1] ?? 1,
      positions: sum.columns,
      rank,
      lower,
      upper,
      certified,
      rankRatio,
      effectiveRank: effective,
      effectiveRatio: effective / layer.channelsOut,
      stableRank: stableRank(spectrum),
      largest: largest(spectrum),
      tolerance: tolerance.rule,
    })),
  );
}
