import { invalid } from '../errors.js';
import { readOptions, strict, type OptionEntries } from '../schema.js';
import { requireFileHandles } from '../files/require-file-handles.js';
import { useBackend } from '../layers/backend.js';
import { resolveEngine } from '../spectrum/engines.js';
import { executeRun, folderOptions, type RunFolderOptions } from '../store/execute-run.js';
import type { Progress, RecordedRun } from '../store/record-run.js';
import { readShard } from '../store/shard.js';
import { loadActivations } from '../study/load-activations.js';
import { checkWorkers, measureOptions, usualWorkers, type MeasureOptions } from '../study/measure-study.js';
import { resolveStudy, type StudyInput } from '../study/study.js';
import type { SummaryRow } from '../study/summary.js';
import { readOwnFiles } from './own-files.js';
import { studyRun, studyTasks, type Manifest } from './study-run.js';

export type { Progress };

/** A finished run of a study: where it is, its manifest, its summary. */
export interface Run extends RecordedRun<SummaryRow> {
  readonly manifest: Manifest;
}

/** How a study is carried out; `shard` measures part i of n, which `mergeRuns` joins. */
export interface RunOptions extends Omit<MeasureOptions, 'tasks' | 'signal'>, RunFolderOptions {}

const { tasks: _, ...ownOptions } = measureOptions;
const runOptions = strict({ ...ownOptions, ...folderOptions } satisfies OptionEntries<RunOptions>);

/**
 * Runs a study and returns the run, a folder. It has `run.json` (the manifest), `rows.parquet` (one row per layer,
 * activation and tap) and `summary.csv`. When `signal` aborts, no new layer begins; finished layers are kept and
 * summarised, and the run's state is `stopped`. Memory does not grow with the number of layers: besides the workers it
 * takes about 60 MiB of waiting rows and a database of at most 512 MiB.
 *
 * The same call with `resume` continues a run that was stopped, killed or failed. After a kill, the layers of the last
 * `partSeconds` and those in progress are measured again.
 *
 * @throws RangeError for a study or options that are not allowed, or a run that cannot be continued, before
 * anything is written; Error, with the run's state set to `failed`, if a layer cannot be measured or the folder
 * cannot be written any more
 * @example
 * const { summary } = await runStudy({ blocks: ['pointwise'], layers: 50 }, { out: 'runs/first' });
 */
export async function runStudy(given: StudyInput, options: RunOptions): Promise<Run> {
  readOptions(runOptions, options);
  const own = options.activations ?? (await loadActivations(options.activationModule));
  const study = resolveStudy(given, Object.keys(own));
  const { activationModule, activations, onFallback } = options;
  if (activationModule !== undefined && !study.activations.some((name) => Object.hasOwn(own, name))) {
    const allowed = `at least one of those in ${activationModule}: ${Object.keys(own).join(', ')}`;
    throw invalid('activations', study.activations.join(', '), allowed);
  }
  readShard(options.shard, studyTasks(study), SHARDS_OF); // checked before slow steps
  const { array, files } = await readOwnFiles(study, options);
  const workers = options.workers ?? usualWorkers(options.activations);
  checkWorkers(workers, options.activations);
  requireFileHandles(OWN_HANDLES + WORKER_HANDLES * workers);
  const engine = resolveEngine(options.engine).name;
  const backend = await useBackend(options.backend);
  const { out, overwrite, resume, shard, signal, partSeconds, onProgress, onDamage } = options;
  const run = await executeRun(studyRun, study, {
    ...{ out, overwrite, resume, shard, signal, partSeconds, onProgress, onDamage },
    origin: { files, backend, engine, workers },
    context: {
      ...{ workers, engine, backend: backend.name, inputs: array },
      ...{ activations, activationModule, onFallback },
    },
  });
  return run as Run;
}

/** The unit in which a study is divided, for messages. */
const SHARDS_OF = 'the study has layers';

/** Files open at once: of a run besides its workers, and of each worker. 8 and 4 were measured. */
const OWN_HANDLES = 32;
const WORKER_HANDLES = 8;
