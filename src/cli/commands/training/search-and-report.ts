import { availableParallelism } from 'node:os';
import { invalid, missing } from '../../../errors.js';
import { inFile } from '../../../files/in-file.js';
import { readJson } from '../../../files/parse-json.js';
import { useBackend } from '../../../layers/backend.js';
import { readSearch, runSearch } from '../../../runs/search-run.js';
import { estimateSearch } from '../../../search/estimate-search.js';
import { searchAgain } from '../../../search/fresh-gap.js';
import {
  resolveSearchStudy,
  searchOn,
  searchTasks,
  takenImages,
  type SearchSpec,
  type SearchStudy,
} from '../../../search/search-spec.js';
import { readShard, taskCount } from '../../../store/shard.js';
import type { TrainingData } from '../../../training/data/labelled-images.js';
import { readTrainingData } from '../../../training/data/read-training-data.js';
import { recipeFields } from '../../../training/recipe.js';
import { availableEngine } from '../../../training/training-engines.js';
import { flagOf } from '../../options/option.js';
import { readNumberThat, readWhole } from '../../options/read-quantity.js';
import { noteLeftOut } from '../../text/note-left-out.js';
import { showProgress } from '../../text/progress.js';
import { estimateLine, showSearch } from '../../text/training/search-progress.js';
import { newRunFolder } from '../new-run-folder.js';
import type { SearchValues } from './search.js';
import { stopOnSignal } from '../stop-on-signal.js';

/** Executes a search in a folder, or analyses one, and prints the results. */
export async function searchAndReport(place: string, values: SearchValues): Promise<void> {
  const workers = readWorkers(values.workers);
  const { spec, data } = values.again ? await again(place, values) : await asked(place, values);
  const engine = availableEngine('auto');
  const total = networksOf(spec, values.shard);
  const done = values.resume && values.out !== undefined ? await doneIn(values.out) : 0;
  // which networks a search by halving still trains on is known only when it goes on
  const networks = spec.halving ? total : total - done;
  const estimate = await estimateSearch(spec, data, { engine, workers, networks });
  process.stderr.write(`${estimateLine(estimate, workers)}\n`);
  if (values.estimate) return;
  const backend = await useBackend('auto');
  const out = values.out ?? newRunFolder('search');
  const shown = showSearch(total, spec.recipe.epochs * data.train.count);
  shown.begin(done);
  const stop = stopOnSignal('networks under way keep a checkpoint; --resume continues');
  let run;
  try {
    run = await runSearch(spec, data, {
      ...{ out, engine, backend, workers, signal: stop.signal },
      ...{ resume: values.resume === true, overwrite: values.overwrite === true, shard: values.shard },
      checkpointSeconds: readNumberThat(
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
  const { rows, diverged, ...kept } = await readSearch(out);
  const { state } = run.manifest;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ state, out, rows, diverged })}\n`);
    return;
  }
  const without = diverged.length > 0 ? `, ${diverged.length} of them without results: they diverged` : '';
  const next = values.again
    ? `analysis: rankscope search --analyse ${place} --fresh ${out}`
    : values.shard === undefined
      ? `analysis: rankscope search --analyse ${out}`
      : 'merge joins the parts';
  process.stdout.write(
    `run      ${out}\n\n${state}: ${kept.done} of ${kept.total} networks${without}\n${state === 'complete' ? `${next}\n` : ''}`,
  );
}

/** Returns the number of networks of a search, or of its part. */
function networksOf(spec: SearchSpec, given: string | undefined): number {
  const tasks = { count: searchTasks(spec).length };
  return taskCount(tasks, readShard(given, tasks, 'the search has networks'));
}

/** Returns the number of networks that a folder already has; 0 if it is not that of a search. */
async function doneIn(folder: string): Promise<number> {
  return (await readSearch(folder).catch(() => ({ done: 0 }))).done;
}

/** Returns the search that a study describes, with its data. */
async function asked(place: string, values: SearchValues): Promise<Search> {
  const study = await readStudy(place, values);
  const path = values.data ?? study.data;
  if (path === undefined) throw missing('data', 'not given', '--data DIR, or data in the study');
  const data = await readData(path, study);
  noteLeftOut(path, data.leftOut);
  return searchOn(study, data);
}

/** Returns the search that trains the best and worst designs of another one again, on the same data. */
async function again(folder: string, values: SearchValues): Promise<Search> {
  const flags = ['resolution', 'trainImages', ...Object.keys(recipeFields)].filter(
    (key) => (values as Record<string, unknown>)[key] !== undefined,
  );
  if (flags.length > 0)
    throw invalid('flag', flags.map((key) => `--${flagOf(key)}`).join(', '), 'none with --again');
  const kept = await readSearch(folder);
  const ends = readWhole('ends', values.ends);
  const seeds = readWhole('seeds', values.seeds, 'a number of seeds');
  const spec = searchAgain(kept.spec, kept.rows, { ends, seeds });
  const path = values.data ?? kept.data.path;
  const { resolution, data: images } = spec;
  const study = { resolution, trainImages: images.trainImages, testImages: images.testImages };
  const raw = await readData(path, { ...study, testShare: testShareOf(images.split) });
  if (raw.sha256 !== kept.data.sha256)
    throw invalid('data (SHA-256)', raw.sha256, `${kept.data.sha256}, that of the search in ${folder}`);
  return { spec, data: takenImages(raw, study) };
}

/** Reads the share that `split` of a manifest names. */
function testShareOf(split: string): number | undefined {
  const share = Number(/^([\d.e-]+) of each class/.exec(split)?.[1]);
  return Number.isNaN(share) ? undefined : share;
}

interface Search {
  readonly spec: SearchSpec;
  readonly data: TrainingData;
}

function readWorkers(given: string | undefined): number {
  const max = availableParallelism();
  const workers = readWhole('workers', given) ?? 1;
  if (workers < 1 || workers > 4 * max)
    throw invalid('workers', workers, `a whole number from 1 to ${4 * max}`);
  return workers;
}

/** Returns the study of a file, or of the `run.json` of a search. Flags replace its fields. */
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
  const [first = 0, ...others] = text
    .split(',')
    .map((one) => readWhole('seeds', one.trim(), 'a number of seeds, or a list as 3,4,5'));
  return others.length === 0 ? first : [first, ...others];
}

async function readData(
  path: string,
  { resolution, testShare }: Pick<SearchStudy, 'resolution' | 'testShare'>,
): Promise<TrainingData> {
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
