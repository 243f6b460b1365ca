import { workerData } from 'node:worker_threads';
import { useBackend } from '../layers/backend.js';
import { loadActivations } from './load-activations.js';
import { measureLayer, type LayerTask } from './measure-layer.js';
import type { WorkerSetup } from './measure-study.js';

/**
 * A worker thread of a study. It is handed the study once and then one task after another; the module's
 * default export is what the pool calls. It has a tensor backend and an engine of its own.
 */
async function start() {
  const { study, backend, engine, activationModule, inputs } = workerData as WorkerSetup;
  await useBackend(backend);
  const activations = await loadActivations(activationModule);
  return (task: LayerTask) => measureLayer(study, task, { engine, activations, inputs });
}

export default await start();
