import * as v from 'valibot';
import { firstOf } from '../lookups.js';
import { networkFromJson } from '../networks/network-json.js';
import type { Network } from '../networks/network.js';
import { countTo, listOf, strict, textTo } from '../schema.js';
import { executeRun } from '../store/execute-run.js';
import { countOf, readRunManifest } from '../store/manifest.js';
import type { RecordOptions } from '../store/record-run.js';
import { readRunRows } from '../store/rows/row-files.js';
import { runKind, type RunSite } from '../store/run-kind.js';
import { listTasks } from '../store/task-list.js';
import type { TrainingData } from '../training/data/labelled-images.js';
import { type Recipe, resolveRecipe } from '../training/recipe.js';
import { tapRanks } from '../training/tap-ranks.js';
import { trainNetwork, type TrainedNetwork, type TrainOptions } from '../training/train-network.js';
import type { TrainingEngineName } from '../training/training-engines.js';
import type { EpochRow, TapRank, UntrainedRow } from '../training/training-rows.js';
import { untrainedParameters } from '../training/untrained-parameters.js';
import { checkpointFiles, readCheckpoint, writeCheckpoint } from './training-checkpoint.js';

const text = textTo(10_000);

const trainingSchema = strict({
  network: text,
  resolution: countTo(8192),
  /** The network, in a list of one. */
  definition: listOf(
    v.pipe(
      v.unknown(),
      v.transform((value): Network => networkFromJson(value)),
    ),
    1,
  ),
  data: strict({
    kind: text,
    classes: listOf(textTo(1000), 1e6),
    trainImages: countTo(Number.MAX_SAFE_INTEGER),
    testImages: countTo(Number.MAX_SAFE_INTEGER),
    split: text,
  }),
  recipe: v.pipe(
    v.unknown(),
    v.transform((value): Recipe => resolveRecipe(value as Partial<Recipe>)),
  ),
  /** The tolerances of the ranks after each epoch; null for no ranks. */
  tolerances: v.nullable(listOf(text, 1000)),
});

/** Everything that decides the rows of a training, besides the bytes of its images. */
export type TrainingSpec = v.InferOutput<typeof trainingSchema>;

interface TrainingContext {
  readonly data: TrainingData;
  readonly options: Pick<TrainOptions, 'onStep' | 'checkpointSeconds' | 'engine'>;
  readonly onEpoch: (row: EpochRow) => void;
  /** Called with the network when its last epoch is done. */
  readonly onTrained: (trained: TrainedNetwork) => Promise<void>;
}

/**
 * The run that `rankscope train` writes: a row per epoch, a checkpoint, and at its end the network in `model`. With ranks
 * it has a row of epoch 0, before training.
 */
export const trainingRun = runKind({
  kind: 'training',
  command: 'rankscope train',
  unit: 'epoch',
  specSchema: trainingSchema,
  tasks: ({ recipe, tolerances }: TrainingSpec) =>
    listTasks(
      Array.from({ length: recipe.epochs + 1 }, (_, epoch) => ({ epoch })).slice(tolerances ? 0 : 1),
      ({ epoch }) => String(epoch),
    ),
  taskKeys: ['epoch'],
  describe: ({ epoch }) => `epoch ${epoch}`,
  columns: {
    epoch: 'INTEGER',
    learningRate: 'DOUBLE',
    trainLoss: 'DOUBLE',
    trainAccuracy: 'DOUBLE',
    testLoss: 'DOUBLE',
    testAccuracy: 'DOUBLE',
    seconds: 'DOUBLE',
    imagesPerSecond: 'DOUBLE',
    ranks: {
      type: {
        structs: {
          layer: 'VARCHAR',
          tap: 'VARCHAR',
          channels: 'INTEGER',
          positions: 'INTEGER',
          rank: 'INTEGER',
          rankRatio: 'DOUBLE',
          effectiveRank: 'DOUBLE',
          tolerance: 'VARCHAR',
        },
      },
    },
  },
  order: ['epoch'],
  figures: ['training'],
  files: [...checkpointFiles, 'model'],
  measure: trainEpochs,
});

/**
 * Yields the rows of the requested epochs, those of the checkpoint first, and trains the others. The last one comes
 * after `onTrained`, so that a run with all rows has its network.
 */
async function* trainEpochs(
  { definition, recipe, tolerances }: TrainingSpec,
  tasks: Iterable<{ epoch: number }>,
  { folder, signal, data, options, onEpoch, onTrained }: TrainingContext & RunSite,
): AsyncGenerator<readonly (EpochRow | UntrainedRow)[]> {
  const wanted = new Set([...tasks].map(({ epoch }) => epoch));
  const network = firstOf(definition);
  const ranks = tolerances ? tapRanks(network, data, tolerances) : undefined;
  if (ranks && wanted.has(0)) yield [untrainedRow(await ranks(untrainedParameters(network, data, recipe)))];
  const from = await readCheckpoint(folder);
  const rows = [...(from?.position.rows ?? [])];
  const ownEnd = new AbortController();
  let [wake, woken] = signalled();
  const training = trainNetwork(network, data, recipe, {
    ...{ ...options, from },
    signal: AbortSignal.any([ownEnd.signal, ...(signal ? [signal] : [])]),
    ranks,
    onEpoch: (row) => {
      rows.push(row);
      onEpoch(row);
      wake();
    },
    onCheckpoint: (checkpoint) => writeCheckpoint(folder, checkpoint),
  });
  let ended = false;
  const end = training.catch(() => undefined).then(() => (ended = true));
  try {
    for (;;) {
      for (const row of rows.splice(0)) {
        if (row.epoch === recipe.epochs) await onTrained(await training);
        if (wanted.has(row.epoch)) yield [row];
      }
      if (ended && rows.length === 0) break;
      await Promise.race([woken, end]);
      [wake, woken] = signalled();
    }
    await training;
  } finally {
    ownEnd.abort();
    await end;
  }
}

function untrainedRow(ranks: readonly TapRank[]): UntrainedRow {
  return {
    ...{
      epoch: 0,
      learningRate: null,
      trainLoss: null,
      trainAccuracy: null,
      testLoss: null,
      testAccuracy: null,
    },
    ...{ seconds: null, imagesPerSecond: null, ranks },
  };
}

/** Returns a function and the promise that it resolves. */
function signalled(): [() => void, Promise<void>] {
  let wake: () => void = () => undefined;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  return [wake, woken];
}

export interface TrainRunOptions extends RecordOptions, Omit<TrainingContext, 'data'> {
  readonly out: string;
  readonly overwrite: boolean;
  readonly resume: boolean;
  readonly engine: TrainingEngineName;
  readonly backend: { readonly name: string; readonly version: string } | null;
  readonly signal?: AbortSignal | undefined;
}

/** Executes a training, or continues it. @throws as `executeRun` and `trainNetwork` do */
export function runTraining(spec: TrainingSpec, data: TrainingData, given: TrainRunOptions) {
  const { engine, backend, options, onEpoch, onTrained, ...rest } = given;
  return executeRun(trainingRun, spec, {
    ...rest,
    partSeconds: rest.partSeconds ?? 0,
    context: { data, options: { ...options, engine }, onEpoch, onTrained },
    origin: { files: { data: { path: data.path, sha256: data.sha256 } }, engine, backend, workers: 1 },
  });
}

/** Returns the specification of a training, for the manifest. */
export function trainingSpec(
  network: Network,
  { kind, classes, train, test, split }: TrainingData,
  recipe: Recipe,
  tolerances: readonly string[] | null,
): TrainingSpec {
  return {
    ...{ network: network.name, resolution: network.resolution, definition: [network] },
    data: { kind, classes: [...classes], trainImages: train.count, testImages: test.count, split },
    recipe,
    tolerances: tolerances && [...tolerances],
  };
}

/**
 * Returns the rows of a saved training, by epoch; `readUntrainedRanks` returns the ranks before the first.
 * @throws RangeError if the folder holds no such run, or a damaged one
 */
export async function readTrainingRows(folder: string): Promise<EpochRow[]> {
  return (await readAll(folder)).filter((row) => row.epoch > 0) as EpochRow[];
}

/** Returns the ranks before training; null of a training without ranks. @throws as `readTrainingRows` does */
export async function readUntrainedRanks(folder: string): Promise<readonly TapRank[] | null> {
  return (await readAll(folder)).find(({ epoch }) => epoch === 0)?.ranks ?? null;
}

async function readAll(folder: string): Promise<(EpochRow | UntrainedRow)[]> {
  const rows: (EpochRow | UntrainedRow)[] = [];
  if (countOf(trainingRun, await readRunManifest(trainingRun, folder)).done === 0) return rows;
  for await (const some of readRunRows<EpochRow | UntrainedRow>(trainingRun, folder)) rows.push(...some);
  return rows.sort((a, b) => a.epoch - b.epoch);
}
