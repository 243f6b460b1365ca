import { workerData } from 'node:worker_threads';
import { messageOf } from '../errors.js';
import { useBackend } from '../layers/backend.js';
import { resolveEngine } from '../spectrum/engines.js';
import { loadActivations } from './load-activations.js';
import type { WorkerAnswer, WorkerSetup } from './measure-in-workers.js';
import { measureLayer, type LayerTask } from './measure-layer.js';
import { studyRules } from './study-rules.js';

/**
 * A worker thread of a study. It is handed the study once and then one task after another; the pool calls the module's
 * default export. It has its own tensor backend and engine.
 */
async function start(): Promise<(task: LayerTask) => WorkerAnswer> {
  const { study, backend, engine, activationModule, inputs } = workerData as WorkerSetup;
  try {
    await useBackend(backend);
    resolveEngine(engine);
  } catch (problem) {
    return () => ({ problem: messageOf(problem) });
  }
  try {
    const activations = await loadActivations(activationModule);
    const rules = studyRules(study);
    return (task) => {
      try {
        return { rows: measureLayer(rules, task, { engine, activations, inputs }) };
      } catch (error) {
        return { error: messageOf(error) };
      }
    };
  } catch (error) {
    return () => ({ error: messageOf(error) });
  }
}

export default await start();
