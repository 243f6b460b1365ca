import { join } from 'node:path';
import { depthTolerance } from '../../../depth/measure-depth.js';
import { invalid } from '../../../errors.js';
import { readJson } from '../../../files/parse-json.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../../files/require-file-handles.js';
import { useBackend } from '../../../layers/backend.js';
import { saveNetwork } from '../../../models/network-files.js';
import { networkCosts } from '../../../networks/network-costs.js';
import type { Network } from '../../../networks/network.js';
import { withSettings } from '../../../networks/network-settings.js';
import { trainingFigure } from '../../../plots/figures/training.js';
import { writeFigure } from '../../../plots/render/render.js';
import { formatTolerance, parseTolerance } from '../../../rank/tolerance.js';
import { trainingCaption } from '../../../report/run-captions.js';
import {
  readTrainingRows,
  readUntrainedRanks,
  runTraining,
  trainingSpec,
} from '../../../runs/training-run.js';
import type { TrainingData } from '../../../training/data/labelled-images.js';
import { readTrainingData } from '../../../training/data/read-training-data.js';
import { type Recipe, recipeFields, resolveRecipe } from '../../../training/recipe.js';
import { checkFit } from '../../../training/train-network.js';
import type { EpochRow } from '../../../training/training-rows.js';
import { availableEngine, checkTrainingMemory, prepareEngine } from '../../../training/training-engines.js';
import { readFigureFlags } from '../../options/figure-options.js';
import { readNetwork, settingsOf } from '../../options/read-network.js';
import { readNumberThat, readWhole } from '../../options/read-quantity.js';
import { noteLeftOut } from '../../text/note-left-out.js';
import { showProgress } from '../../text/progress.js';
import { epochLine, showTraining, trainingReport } from '../../text/training/training-report.js';
import { newRunFolder } from '../new-run-folder.js';
import { stopOnSignal } from '../stop-on-signal.js';
import type { TrainValues } from './train.js';

/** Reads the data, trains the network in a folder, draws its curves and prints the results. */
export async function trainAndReport(name: string, values: TrainValues): Promise<void> {
  requireFileHandles(DRAWING_HANDLES);
  const { formats, figure } = readFigureFlags(values);
  const recipe = await readRecipe(values);
  const checkpointSeconds = readNumberThat(
    'checkpoint-seconds',
    values.checkpointSeconds,
    (x) => x >= 0,
    'a number >= 0',
  );
  const engine = availableEngine(values.engine ?? 'auto');
  await prepareEngine(engine);
  const given = await readNetwork(name, settingsOf({ resolution: values.resolution }));
  checkTrainingMemory(given, recipe.batch, recipe.average > 0, engine);
  const tolerances = values.ranks
    ? (values.tolerance ?? [depthTolerance]).map((rule) => formatTolerance(parseTolerance(rule)))
    : null;
  const data = await readData(given, recipe, values);
  noteLeftOut(values.data, data.leftOut);
  const network = withSettings(given, { classes: data.classes.length });
  checkFit(network, data, recipe); // before the folder of the run is there
  const backend = values.ranks || engine === 'tfjs' ? await useBackend('auto') : null;
  const out = values.out ?? newRunFolder('train');
  const model = join(out, 'model');
  const spec = trainingSpec(network, data, recipe, tolerances);
  const stop = stopOnSignal('the last step is kept as a checkpoint; --resume continues');
  const shown = showTraining(recipe.epochs);
  let run;
  try {
    run = await runTraining(spec, data, {
      ...{ out, engine, backend, signal: stop.signal },
      ...{ resume: values.resume === true, overwrite: values.overwrite === true },
      options: { onStep: shown.step, checkpointSeconds },
      onEpoch: (row) => shown.line(epochLine(row, recipe.epochs)),
      onTrained: async ({ parameters }) => void (await saveNetwork(model, network, parameters)),
    });
  } finally {
    shown.end();
    stop.release();
  }
  const { state } = run.manifest;
  if (state === 'stopped') process.exitCode = stop.exitCode;
  const rows = await readTrainingRows(out);
  const caption = trainingCaption(spec);
  const untrainedRanks = tolerances ? await readUntrainedRanks(out) : null;
  const figures =
    rows.length === 0
      ? []
      : await writeFigure(
          trainingFigure(rows, { ...figure, caption, untrainedRanks }),
          join(out, 'training'),
          formats,
        );
  const places = [
    `run      ${out}`,
    ...(state === 'complete' ? [`model    ${join(model, 'model.json')}`] : []),
    ...figures.map((path) => `figure   ${path}`),
  ];
  const results = resultsOf(rows, network, data, state);
  if (values.json) {
    process.stderr.write(`${places.join('\n')}\n`);
    process.stdout.write(
      `${JSON.stringify({ ...results, recipe, ...(tolerances && { untrainedRanks }), epochs: rows })}\n`,
    );
  } else process.stdout.write(trainingReport(rows, places, results, untrainedRanks));
}

/** Returns the main results of a training. */
function resultsOf(rows: readonly EpochRow[], network: Network, data: TrainingData, state: string) {
  const last = rows.at(-1);
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const images = rows.reduce((sum, row) => sum + row.seconds * row.imagesPerSecond, 0);
  const { params, macs } = networkCosts(network);
  return {
    ...{ network: network.name, resolution: network.resolution, params, macs, state },
    data: { kind: data.kind, path: data.path, sha256: data.sha256 },
    testAccuracy: last?.testAccuracy ?? null,
    testLoss: last?.testLoss ?? null,
    imagesPerSecond: seconds > 0 ? images / seconds : null,
  };
}

export type TrainingResults = ReturnType<typeof resultsOf>;

async function readRecipe(values: TrainValues): Promise<Recipe> {
  const file = values.recipe === undefined ? {} : await readRecipeFile(values.recipe);
  const flags = Object.keys(recipeFields).flatMap((key) => {
    const value = values[key as keyof Recipe];
    return value === undefined ? [] : [[key, value] as const];
  });
  return resolveRecipe({ ...file, ...Object.fromEntries(flags) });
}

/** Returns the unchecked recipe in a recipe file or in the manifest of a training. */
async function readRecipeFile(path: string): Promise<object> {
  const value = await readJson('recipe file', path);
  const isObject = (x: unknown): x is Record<string, unknown> =>
    typeof x === 'object' && x !== null && !Array.isArray(x);
  if (!isObject(value))
    throw invalid('recipe file', path, 'a JSON object, such as the "recipe" of a run.json');
  const spec = Object.hasOwn(value, 'format') ? value.spec : undefined;
  return isObject(spec) && isObject(spec.recipe) ? spec.recipe : value;
}

async function readData(network: Network, { seed }: Recipe, values: TrainValues): Promise<TrainingData> {
  const { resolution, inputChannels: channels } = network;
  const progress = showProgress('images');
  const begun = performance.now();
  try {
    return await readTrainingData(values.data, {
      ...{ resolution, channels, seed },
      classes: readWhole('classes', values.classes, 'a whole number from 2'),
      testShare: readNumberThat(
        'test-share',
        values.testShare,
        (x) => x > 0 && x < 1,
        'a number above 0, below 1',
      ),
      onProgress: (done, total) => {
        if (done % 256 === 0) progress.update({ done, total, seconds: (performance.now() - begun) / 1000 });
      },
    });
  } finally {
    progress.end();
  }
}
