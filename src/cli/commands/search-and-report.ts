import { availableParallelism } from 'node:os';
import { invalid, missing } from '../../errors.js';
import { numberThat } from '../../fields.js';
import { inFile } from '../../files/in-file.js';
import { readJson } from '../../files/parse-json.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../files/require-file-handles.js';
import { useBackend } from '../../layers/backend.js';
import { readSearch, runSearch } from '../../runs/search-run.js';
import { estimateSearch } from '../../search/estimate-search.js';
import { resolveSearchStudy, searchOn, searchTasks, type SearchStudy } from '../../search/search-spec.js';
import type { TrainingData } from '../../training/data/labelled-images.js';
import { readTrainingData } from '../../training/data/read-training-data.js';
import { recipeFields } from '../../training/recipe.js';
import { availableEngine } from '../../training/training-engines.js';
import { readWhole } from '../options/read-quantity.js';
import { showProgress } from '../text/progress.js';
import { estimateLine, showSearch } from '../text/search-progress.js';
import { newRunFolder } from './new-run-folder.js';
import type { SearchValues } from './search.js';
import { stopOnSignal } from './stop-on-signal.js';

/** Carries a search out in a folder, or analyses one, and prints what came of it. */
export async function searchAndReport(place: string, values: SearchValues): Promise<void> {
  requireFileHandles(DRAWING_HANDLES);
  const workers = readWorkers(values.workers);
  const study = await readStudy(place, values);
  const path = values.data ?? study.data;
  if (path === undefined) throw missing('data', 'not given', '--data DIR, or data in the study');
  const { spec, data } = searchOn(study, await readData(path, study));
  const engine = availableEngine('auto');
  const estimate = await estimateSearch(spec, data, { engine, workers });
  process.stderr.write(`${estimateLine(estimate, workers)}\n`);
  if (values.estimate) return;
  const backend = await useBackend('auto');
  const out = values.out ?? newRunFolder('search');
  const shown = showSearch(searchTasks(spec).length, spec.recipe.epochs * data.train.count);
  if (values.resume) shown.begin((await readSearch(out).catch(() => ({ done: 0 }))).done);
  const stop = stopOnSignal('networks under way keep a checkpoint; --resume continues');
  let run;
  try {
    run = await runSearch(spec, data, {
      ...{ out, engine, backend, workers, signal: stop.signal },
      ...{ resume: values.resume === true, overwrite: values.overwrite === true, shard: values.shard },
      checkpointSeconds: numberOf(
        'checkpoint-seconds',
        values.checkpointSeconds,
        (x) => x >= 0,
        'a number >= 0',
      ),
      onStep: shown.step,
      onRow: shown.row,
    });
  } finally {
    shown.end();
    stop.release();
  }
  if (run.manifest.state === 'stopped') process.exitCode = stop.exitCode;
  const { rows, done, total } = await readSearch(out);
  if (values.json) process.stdout.write(`${JSON.stringify({ state: run.manifest.state, out, rows })}\n`);
  else process.stdout.write(`run      ${out}\n\n${run.manifest.state}: ${done} of ${total} networks\n`);
}

function readWorkers(given: string | undefined): number {
  const most = availableParallelism();
  const workers = readWhole('workers', given) ?? 1;
  if (workers < 1 || workers > 4 * most)
    throw invalid('workers', workers, `a whole number from 1 to ${4 * most}`);
  return workers;
}

/** Returns the study of a file, or of the `run.json` of a search, with what flags say instead. */
async function readStudy(path: string, values: SearchValues): Promise<SearchStudy> {
  const value = await readJson('search file', path);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('search file', path, 'a JSON object with designs');
  const given = value as Record<string, unknown>;
  const recipe = Object.fromEntries(
    Object.keys(recipeFields).flatMap((key) => {
      const flag = (values as Record<string, unknown>)[key];
      return key === 'seed' || flag === undefined ? [] : [[key, flag]];
    }),
  );
  inFile(path, () => resolveSearchStudy(given));
  const whole = (name: string, text: string | undefined) => {
    const number = readWhole(name, text);
    return number === undefined ? {} : { [name]: number };
  };
  return resolveSearchStudy({
    ...given,
    ...(values.seeds !== undefined && { seeds: readSeeds(values.seeds) }),
    ...whole('resolution', values.resolution),
    ...whole('trainImages', values.trainImages),
    recipe: { ...(given.recipe as object | undefined), ...recipe },
  });
}

function readSeeds(text: string): number | number[] {
  const seeds = text
    .split(',')
    .map((one) => readWhole('seeds', one.trim(), 'a number of seeds, or a list as 3,4,5')!);
  return seeds.length === 1 ? seeds[0]! : seeds;
}

async function readData(path: string, { resolution, testShare }: SearchStudy): Promise<TrainingData> {
  const progress = showProgress('images');
  const begun = performance.now();
  try {
    return await readTrainingData(path, {
      ...{ resolution, testShare },
      onProgress: (done, total) => {
        if (done % 256 === 0) progress.update({ done, total, seconds: (performance.now() - begun) / 1000 });
      },
    });
  } finally {
    progress.end();
  }
}

function numberOf(flag: string, given: string | undefined, holds: (x: number) => boolean, allowed: string) {
  if (given === undefined) return undefined;
  const value = numberThat(holds)(given);
  if (value === undefined) throw invalid(flag, given, allowed);
  return value;
}
