import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import type { BackendName } from '../layers/backend-names.js';
import type { SearchSpec, SearchTask } from '../search/search-spec.js';
import { trainDesign, type DesignOutcome } from '../search/train-design.js';
import type { TrainingData } from '../training/data/labelled-images.js';
import type { StepProgress } from '../training/train-network.js';
import type { TrainingEngineName } from '../training/training-engines.js';
import { readCheckpoint, writeCheckpoint } from './training-checkpoint.js';

/** The folder of checkpoints of networks under way, in the folder of a search. */
export const CHECKPOINTS = 'checkpoints';

/** Everything that trains the networks of a search; plain data, so that worker threads are started with it. */
export interface TrainerSetup {
  readonly spec: SearchSpec;
  readonly data: TrainingData;
  readonly folder: string;
  readonly engine: TrainingEngineName;
  readonly backend: BackendName;
  readonly checkpointSeconds: number;
}

export interface TrainerTask extends SearchTask {
  readonly until: number;
  readonly finish: boolean;
}

type Hear = (progress: StepProgress & SearchTask) => void;

/** Trains one network of a search, from its checkpoint if it has one. The checkpoint is removed at the end. */
export async function trainTask(
  { spec, data, folder, engine, checkpointSeconds }: TrainerSetup,
  { design, seed, until, finish }: TrainerTask,
  signal: AbortSignal | undefined,
  hear: Hear | undefined,
): Promise<DesignOutcome> {
  const own = join(folder, CHECKPOINTS, `${design}-${seed}`);
  await mkdir(own, { recursive: true });
  const from = await readCheckpoint(own);
  const outcome = await trainDesign(
    spec,
    data,
    { design, seed },
    {
      ...{ engine, until, finish, signal, from, checkpointSeconds },
      onStep: hear && ((progress) => hear({ ...progress, design, seed })),
      onCheckpoint: (checkpoint) => writeCheckpoint(own, checkpoint),
    },
  ).catch((cause: unknown) => {
    throw new Error(`design ${design} with seed ${seed}: ${messageOf(cause)}`, { cause });
  });
  if (outcome.state === 'done') await rm(own, { recursive: true, force: true });
  return outcome;
}

/** Trains networks, several at a time with workers. */
export interface SearchTrainer {
  train(task: TrainerTask): Promise<DesignOutcome>;
  close(): Promise<void>;
}

/**
 * Returns a trainer in this thread for one worker, or else in worker threads. The signal stops every network under way
 * after its step, and keeps its checkpoint.
 */
export async function createTrainer(
  setup: TrainerSetup,
  { workers, signal, hear }: { workers: number; signal: AbortSignal | undefined; hear: Hear | undefined },
): Promise<SearchTrainer> {
  if (workers <= 1)
    return { train: (task) => trainTask(setup, task, signal, hear), close: () => Promise.resolve() };
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const abort = () => void Atomics.store(stop, 0, 1);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: new URL('./search-worker.js', import.meta.url).href,
    ...{ minThreads: workers, maxThreads: workers, workerData: { setup, stop } },
  });
  if (hear) pool.on('message', (progress: Parameters<Hear>[0]) => hear(progress));
  pool.on('error', () => undefined); // the task that was under way fails, and says so
  return {
    train: async (task) => {
      const answer = (await pool.run(task).catch((cause: unknown) => {
        throw new Error(`a worker thread has ended: ${messageOf(cause)}`, { cause });
      })) as DesignOutcome | { readonly error: string };
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    close: async () => {
      signal?.removeEventListener('abort', abort);
      await pool.destroy();
    },
  };
}
