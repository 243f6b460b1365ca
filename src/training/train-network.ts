import { invalid } from '../errors.js';
import type { Given } from '../fields.js';
import {
  abortSignal,
  any,
  callback,
  maybe,
  numberThat,
  readOptions,
  strict,
  type OptionEntries,
} from '../schema.js';
import type { Parameters } from '../models/parameters.js';
import type { Network } from '../networks/network.js';
import { type Checkpoint, startPosition, type TrainingPosition } from './checkpoint.js';
import { epochOrder, trainingBatch } from './data/batches.js';
import type { TrainingData } from './data/labelled-images.js';
import { byteTable, type ByteTable, channelMoments } from './data/standardise.js';
import type { StepSettings, TrainingEngine } from './engine.js';
import { evaluateAll } from './evaluate-all.js';
import { firstParameters } from './first-parameters.js';
import { learningRates } from './learning-rate.js';
import { type Recipe, resolveRecipe } from './recipe.js';
import {
  availableEngine,
  checkTrainingMemory,
  createEngine,
  prepareEngine,
  type TrainingEngineName,
} from './training-engines.js';
import type { EpochRow, TapRank } from './training-rows.js';

export interface TrainOptions {
  /** Stops after the step in progress; the network trained so far is returned. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each epoch with the network trained so far; training continues when it has returned. */
  readonly onEpoch?: ((row: EpochRow, parameters: () => Parameters) => void | Promise<void>) | undefined;
  /** Measures ranks of the network after each epoch, see `tapRanks`; the epoch's row has them. */
  readonly ranks?: ((parameters: Parameters) => Promise<readonly TapRank[]>) | undefined;
  /** Called after each step. */
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
  /** Saves a checkpoint; called after each epoch, at a stop, and after `checkpointSeconds` of training. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  /** @default 60 */
  readonly checkpointSeconds?: number | undefined;
  /** Continues from a checkpoint of the same network, data and recipe, with the same bits. */
  readonly from?: Checkpoint | undefined;
  /** @default 'auto': the kernels where WebAssembly runs, else the twin */
  readonly engine?: TrainingEngineName | 'auto' | undefined;
}

const trainOptions = strict({
  signal: maybe(abortSignal),
  ranks: maybe(any<NonNullable<TrainOptions['ranks']>>()),
  onEpoch: maybe(callback<NonNullable<TrainOptions['onEpoch']>>()),
  onStep: maybe(callback<NonNullable<TrainOptions['onStep']>>()),
  onCheckpoint: maybe(callback<NonNullable<TrainOptions['onCheckpoint']>>()),
  checkpointSeconds: maybe(numberThat((seconds) => seconds >= 0, 'a number >= 0')),
  from: maybe(any<Checkpoint>()),
  engine: maybe(any<NonNullable<TrainOptions['engine']>>()),
} satisfies OptionEntries<TrainOptions>);

export interface StepProgress {
  readonly epoch: number;
  /** Training images done in all epochs, and in the whole training. */
  readonly done: number;
  readonly total: number;
  /** Means of the epoch so far. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
}

export interface TrainedNetwork {
  readonly network: Network;
  readonly parameters: Parameters;
  readonly recipe: Recipe;
  readonly rows: readonly EpochRow[];
  readonly engine: TrainingEngineName;
  readonly state: 'complete' | 'stopped';
  /** Of the last whole epoch; null before its end. */
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  /** Over all training steps. */
  readonly imagesPerSecond: number;
}

/** A loss that is no longer a finite number. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
  constructor(
    readonly epoch: number,
    readonly step: number,
    loss: number,
  ) {
    super(`the loss became ${loss} in epoch ${epoch}, step ${step}: a lower learning rate may help`);
  }
}

/**
 * Trains a network from random weights and returns it with accuracy and loss of each epoch. Same network, data, recipe and
 * engine give the same bits, also when stopped and continued.
 *
 * @throws RangeError where network and data do not fit each other, or the batch the memory; DivergedError for a loss that
 * is not finite
 * @example
 * const data = await readTrainingData('cifar-10-batches-bin', { resolution: 16 });
 * const network = cifarNetwork([34, 34, 45, 55, 66], { resolution: 16, classes: 10 });
 * const { testAccuracy, parameters } = await trainNetwork(network, data, { epochs: 5 });
 */
export async function trainNetwork(
  network: Network,
  data: TrainingData,
  given: Given<Recipe> = {},
  options: TrainOptions = {},
): Promise<TrainedNetwork> {
  readOptions(trainOptions, options);
  const recipe = resolveRecipe(given);
  checkFit(network, data, recipe);
  const { from, signal } = options;
  const averaged = recipe.average > 0;
  const name = from?.engine ?? availableEngine(options.engine ?? 'auto');
  await prepareEngine(name);
  checkTrainingMemory(network, recipe.batch, averaged, name);
  const engine = createEngine(name, {
    network,
    batch: recipe.batch,
    parameters: firstParameters(network, recipe),
    averaged,
  });
  try {
    if (from) engine.restore(from.state);
    const training = {
      ...{ network, data, recipe, engine, options },
      table: byteTable(channelMoments(data.train)),
      rateAt: learningRates(recipe, stepsPerEpoch(data.train.count, recipe.batch)),
      checkpoint: (position: TrainingPosition) =>
        options.onCheckpoint?.({ engine: name, position, state: engine.state() }),
    };
    let position = from?.position ?? startPosition;
    while (position.epochs < recipe.epochs && !signal?.aborted)
      position = await trainEpoch(training, position);
    const last = position.rows.at(-1);
    const { images, seconds } = timesOf(position, recipe, data.train.count);
    return {
      ...{ network, parameters: engine.parameters(), recipe, rows: position.rows, engine: name },
      state: position.epochs < recipe.epochs ? 'stopped' : 'complete',
      testAccuracy: last?.testAccuracy ?? null,
      testLoss: last?.testLoss ?? null,
      imagesPerSecond: images / Math.max(seconds, 1e-9),
    };
  } finally {
    engine.dispose();
  }
}

interface Training {
  readonly data: TrainingData;
  readonly recipe: Recipe;
  readonly engine: TrainingEngine;
  readonly options: TrainOptions;
  readonly table: ByteTable;
  /** Returns the learning rate of a step of the whole training. */
  readonly rateAt: (step: number) => number;
  checkpoint(position: TrainingPosition): void | Promise<void>;
}

/** Trains from a position to the end of its epoch, or until the signal aborts; returns the position then. */
async function trainEpoch(training: Training, start: TrainingPosition): Promise<TrainingPosition> {
  const { data, recipe, engine, table, rateAt, options } = training;
  const { batch, epochs } = recipe;
  const { signal, checkpointSeconds = 60 } = options;
  const epoch = start.epochs + 1;
  const steps = stepsPerEpoch(data.train.count, batch);
  const order = epochOrder(data.train.count, recipe.seed, epoch);
  let { lossSum, correct, seconds } = start;
  let kept = seconds;
  let learningRate = 0;
  const earlier = timesOf({ ...start, seconds: 0, steps: 0 }, recipe, data.train.count);
  for (let step = start.steps; step < steps; step++) {
    const begun = performance.now();
    const taken = order.slice(step * batch, (step + 1) * batch);
    const { images, labels } = trainingBatch(data.train, table, recipe, epoch, taken);
    const settings = settingsOf(recipe, rateAt, (epoch - 1) * steps + step);
    const result = engine.step(images, labels, settings);
    if (!Number.isFinite(result.loss)) throw new DivergedError(epoch, step + 1, result.loss);
    ({ learningRate } = settings);
    lossSum += result.loss;
    correct += result.correct;
    seconds += (performance.now() - begun) / 1000;
    const seen = (step + 1) * batch;
    options.onStep?.({
      epoch,
      done: (epoch - 1) * steps * batch + seen,
      total: epochs * steps * batch,
      loss: lossSum / (step + 1),
      accuracy: correct / seen,
      imagesPerSecond: (earlier.images + seen) / (earlier.seconds + seconds),
    });
    await new Promise((resolve) => setImmediate(resolve)); // lets a signal in
    const whole = step + 1 === steps;
    if (!whole && (signal?.aborted || seconds - kept >= checkpointSeconds)) {
      const position = { ...start, steps: step + 1, lossSum, correct, seconds };
      await training.checkpoint(position);
      kept = seconds;
      if (signal?.aborted) return position;
    }
  }
  const test = evaluateAll(engine, data.test, table);
  const images = steps * batch;
  const row: EpochRow = {
    ...{ epoch, learningRate, trainLoss: lossSum / steps, trainAccuracy: correct / images },
    ...{ testLoss: test.loss, testAccuracy: test.correct / data.test.count },
    ...{ seconds, imagesPerSecond: images / seconds },
    ranks: (await options.ranks?.(engine.parameters())) ?? null,
  };
  const position = { ...startPosition, epochs: epoch, rows: [...start.rows, row] };
  await options.onEpoch?.(row, () => engine.parameters());
  await training.checkpoint(position);
  return position;
}

function settingsOf(recipe: Recipe, rateAt: Training['rateAt'], step: number): StepSettings {
  const { average } = recipe;
  // an average that has seen few steps follows more closely, so that first weights are soon forgotten
  const averageDecay = Math.min(average, (1 + step) / (10 + step));
  return { ...recipe, learningRate: rateAt(step), averageDecay };
}

/** Returns the number of whole batches. */
export function stepsPerEpoch(images: number, batch: number): number {
  return Math.floor(images / batch);
}

function timesOf({ rows, steps, seconds }: TrainingPosition, { batch }: Recipe, count: number) {
  const done = rows.length * stepsPerEpoch(count, batch) + steps;
  return { images: done * batch, seconds: rows.reduce((sum, row) => sum + row.seconds, seconds) };
}

/** @throws RangeError where network, data and batch do not fit each other */
export function checkFit(
  { resolution, inputChannels, head }: Network,
  data: TrainingData,
  { batch }: Recipe,
): void {
  const { train, classes } = data;
  if (train.resolution !== resolution)
    throw invalid('resolution of the data', train.resolution, `${resolution}, that of the network`);
  if (train.channels !== inputChannels)
    throw invalid('channels of the data', train.channels, `${inputChannels}, those of the network`);
  if (classes.length !== head.classes) {
    throw invalid(
      'classes of the network',
      head.classes,
      `${classes.length}, those of the data; see withSettings`,
    );
  }
  if (batch > train.count) throw invalid('batch', batch, `at most ${train.count}, the training images`);
}
