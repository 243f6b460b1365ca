import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.js';
import { useBackend } from '../layers/backend.js';
import type { DesignOutcome } from '../search/train-design.js';
import { trainTask, type TrainerSetup, type TrainerTask } from './search-trainer.js';

/** Milliseconds between two reports of a network under way. */
const REPORT = 500;

/** A worker thread of a search: handed the data once, then one network after another. */
async function start(): Promise<(task: TrainerTask) => Promise<DesignOutcome | { error: string }>> {
  const { setup, stop } = workerData as { setup: TrainerSetup; stop: Int32Array };
  await useBackend(setup.backend);
  return async (task) => {
    const controller = new AbortController();
    let last = 0;
    try {
      return await trainTask(setup, task, controller.signal, (progress) => {
        if (Atomics.load(stop, 0) === 1) controller.abort();
        const now = performance.now();
        if (now - last < REPORT) return;
        last = now;
        parentPort?.postMessage(progress);
      });
    } catch (error) {
      return { error: messageOf(error) };
    }
  };
}

export default await start();
