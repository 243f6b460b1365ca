import { statSync } from 'node:fs';
import { invalid } from '../../errors.js';
import { toCsv } from '../../files/csv.js';
import type { WeightMatrix } from '../../formats/layers/weight-matrix.js';
import type { ModelFile } from '../../formats/model-file.js';
import { openModel } from '../../formats/open-model.js';
import { formatTolerance } from '../../rank/tolerance.js';
import { readWeightsRun } from '../../runs/read-weights-run.js';
import { weightsRun } from '../../runs/weights-run.js';
import { executeRun } from '../../store/execute-run.js';
import { fileChecksum } from '../../store/folder/checksum.js';
import { baselineNames } from '../../weights/baseline.js';
import type { LayerWeights, WeightOptions } from '../../weights/measure-layer-weights.js';
import { estimateSeconds } from '../../weights/layer-cost.js';
import { checkWeightWorkers, usualWeightWorkers } from '../../weights/measure-layers.js';
import {
  defaultWeightTolerances,
  measureWeights,
  resolveWeightOptions,
  type ModelWeights,
  type WeightsProgress,
} from '../../weights/measure-weights.js';
import { noLayer, selectLayers } from '../../weights/select-layers.js';
import { commandBody } from '../command.js';
import { drawKeptRun } from '../../report/draw-kept-run.js';
import { figureFlags, readFigureFlags } from '../options/figure-options.js';
import { choice, text, toggle, type OptionValues } from '../options/option.js';
import { readWhole } from '../options/read-quantity.js';
import { toleranceOption } from '../options/tolerance-option.js';
import { modelTable } from '../text/model-table.js';
import { duration, showProgress } from '../text/progress.js';
import { checkFeatureFlags, featureOptions, printFeatures } from './model-features.js';
import { claimReport, reportOf, reportOption, writeReport } from './report-file.js';
import { checkPlanFlags, planOptions, printPlan } from './model-plan.js';
import { stopOnSignal } from './stop-on-signal.js';

const options = {
  tolerance: toleranceOption('', { default: defaultWeightTolerances.join(',') }),
  layers: text('Only layers whose name matches; * stands for any letters', { default: 'all' }),
  baseline: choice(
    'Baseline of each spectrum: permuted (the same entries in random order), gaussian (normal entries), none',
    baselineNames,
    { default: 'permuted' },
  ),
  seed: text('Seed of the baseline', { default: '0' }),
  fold: toggle('Multiply rows by the factors of the normalization behind them, if the file has one'),
  all: toggle('List every layer, not only those with the smallest ranks'),
  json: toggle('Print one JSON object'),
  csv: toggle('Print CSV, one line per layer'),
  spectrum: toggle('With --json, list the singular values of each layer and of its baseline'),
  report: reportOption,
  out: text('Folder of a run, which keeps every spectrum', { default: 'none' }),
  overwrite: toggle('Replace the run in --out, or the file of --report'),
  resume: toggle('Continue the run in --out, if there is one'),
  shard: text('Measure part I of N into --out, as I/N'),
  workers: text('Worker threads, one layer each; 0 uses the main thread', {
    default: 'one per core, if the work takes seconds and memory allows',
  }),
  ...featureOptions,
  ...planOptions,
  ...figureFlags('Figure, with --out:'),
};

/** `rankscope model FILE`: how much of its width each layer of a trained model uses, from its weights. */
export const model = commandBody({
  operand: { describe: 'A model file or folder; - reads standard input' },
  options,
  examples: [
    ['model model.safetensors', ''],
    ['model model.onnx --layers "*conv*" --tolerance relative:0.01 --json', ''],
    ['model checkpoint.pt --out runs/weights --resume', ''],
    ['model mobilenet.onnx --inputs photos --count 128', 'its features on images'],
    ['model model.onnx --report model.html', ''],
    ['model model.json --inputs photos --count 256 --plan --error 0.05 --apply smaller', 'a smaller model'],
  ],
  run: async (values, [path]) => {
    const { json = false, csv = false, out } = values;
    const isPlanned = checkPlanFlags(values);
    if (checkFeatureFlags(values)) return isPlanned ? printPlan(path, values) : printFeatures(path, values);
    if (json && csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
    if (values.spectrum && !json) throw invalid('flag', '--spectrum', 'only with --json');
    if (values.overwrite && out === undefined && values.report === undefined)
      throw invalid('flag', '--overwrite', 'only with --out or --report');
    for (const flag of ['resume', 'shard'] as const)
      if (values[flag] && out === undefined) throw invalid('flag', `--${flag}`, 'only with --out');
    const asked = {
      tolerances: values.tolerance,
      baseline: values.baseline,
      seed: readWhole('seed', values.seed),
      fold: values.fold,
      layers: values.layers,
    };
    const drawing = readFigureFlags(values);
    const settings = resolveWeightOptions(asked); // a mistyped flag need not wait for a large file
    const given = readWhole('workers', values.workers);
    checkWeightWorkers(given ?? 0, path);
    await claimReport(values.report, values);
    const file = await openModel(path);
    const stop = stopOnSignal('the current layers are finished and kept');
    const progress = showProgress('layers');
    const begin = performance.now();
    const onProgress = (now: WeightsProgress) =>
      progress.update({ seconds: (performance.now() - begin) / 1000, ...now });
    try {
      const chosen = { layers: selectLayers(file, values.layers).layers, path, pattern: values.layers };
      const workers = given ?? usualWeightWorkers(chosen, settings);
      announce(chosen.layers, settings, workers);
      const work = { workers, signal: stop.signal, onProgress };
      const weights =
        out === undefined
          ? await measureWeights(file, { ...asked, ...work })
          : await measureIntoRun(file, { ...values, out }, asked, work);
      progress.end();
      process.stdout.write(
        json
          ? `${JSON.stringify(modelJson(weights, values.spectrum === true))}\n`
          : csv
            ? toCsv(weights.layers.map(csvRow))
            : modelTable(weights, { all: values.all === true }),
      );
      if (out !== undefined && weights.layers.length > 0) {
        const { formats, figure } = drawing;
        const paths = await drawKeptRun(out, { formats, figure });
        const { ratioRange: _, ...look } = figure;
        const [first, ...others] = weights.layers;
        if (first && others.length === 0)
          paths.push(...(await drawKeptRun(out, { formats, figure: look, layer: first.name })));
        const lines = [`run      ${out}\n`, ...paths.map((path) => `figure   ${path}\n`)];
        (json || csv ? process.stderr : process.stdout).write(lines.join(''));
      }
      await writeReport(
        values.report,
        reportOf(weights, { settings, pattern: values.layers, stopped: stop.signal.aborted }),
        json || csv ? process.stderr : process.stdout,
      );
      process.exitCode = stop.exitCode;
    } finally {
      progress.end();
      stop.release();
      file.close();
    }
  },
});

/** Seconds of work from which an estimate is given before any layer is measured. */
const ANNOUNCED_SECONDS = 10;

function announce(layers: readonly WeightMatrix[], settings: WeightOptions, workers: number): void {
  const seconds = layers.reduce((sum, layer) => sum + estimateSeconds(layer, settings), 0);
  const threads = Math.max(1, Math.min(workers, layers.length));
  if (seconds / threads < ANNOUNCED_SECONDS) return;
  const who = threads === 1 ? '' : ` with ${threads} workers`;
  process.stderr.write(
    `${layers.length} layer${layers.length === 1 ? '' : 's'}, about ${duration(seconds / threads)}${who}\n`,
  );
}

/** Returns a function from a share of the layers, counted from the first, to their estimated share of the work. */
function shares(layers: readonly WeightMatrix[], settings: WeightOptions): (share: number) => number {
  let sum = 0;
  const sums = layers.map((layer) => (sum += estimateSeconds(layer, settings)));
  return (share) => (sums[Math.round(share * layers.length) - 1] ?? 0) / sum;
}

interface Work {
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WeightsProgress) => void;
}

type Asked = Parameters<typeof resolveWeightOptions>[0];

/** Measures into a run, or continues it, and returns the run's results. */
async function measureIntoRun(
  file: ModelFile,
  values: OptionValues<typeof options> & { readonly out: string },
  asked: NonNullable<Asked>,
  { workers, signal, onProgress }: Work,
): Promise<ModelWeights> {
  const { out, overwrite, resume, shard } = values;
  const { layers, skipped } = selectLayers(file, asked.layers);
  const settings = resolveWeightOptions(asked);
  const { tolerances, baseline, seed, fold } = settings;
  const done = shares(layers, settings);
  const single = file.path !== '-' && statSync(file.path).isFile();
  const spec = {
    format: file.format,
    layers: layers.map(({ name }) => name),
    tolerances: tolerances.map(formatTolerance),
    ...{ baseline, seed, fold },
  };
  await executeRun(weightsRun, spec, {
    out,
    ...(overwrite && { overwrite }),
    ...(resume && { resume }),
    ...(shard !== undefined && { shard }),
    signal,
    onProgress: (now) => onProgress({ ...now, share: done(now.done / now.total) }),
    context: { layers, path: file.path, pattern: asked.layers, workers },
    origin: {
      workers,
      files: single ? { model: { path: file.path, sha256: await fileChecksum(file.path) } } : {},
    },
  });
  const kept = await readWeightsRun(out);
  const left = [...skipped, ...kept.skipped];
  if (kept.layers.length === 0 && kept.skipped.length > 0) throw noLayer(file, left);
  return {
    ...{ file: file.path, format: file.format, layers: kept.layers },
    ...{ skipped: left, notes: file.notes },
  };
}

function modelJson({ file, format, layers, skipped, notes }: ModelWeights, spectra: boolean): object {
  return {
    ...{ file, format },
    layers: layers.map(({ spectrum, baselineSpectrum, ...layer }) => ({
      ...layer,
      ...(spectra && {
        spectrum: Array.from(spectrum),
        baselineSpectrum: baselineSpectrum && Array.from(baselineSpectrum),
      }),
    })),
    ...{ skipped, notes },
  };
}

function csvRow(layer: LayerWeights): Record<string, string | number | boolean | null> {
  const { name, kind, dtype, rows, columns, ranks, signalRank, noise, baseline, metrics, powerLaw } = layer;
  return {
    ...{ name, kind, dtype, rows, columns },
    ...Object.fromEntries(
      ranks.flatMap(({ rule, rank, certified }) => [
        [`rank_${rule}`, rank],
        [`certified_${rule}`, certified],
      ]),
    ),
    ...{ signalRank: signalRank.rank, signalCertified: signalRank.certified, noiseFloor: signalRank.floor },
    ...{ noiseEdge: noise.edge, beyondNoise: noise.beyond },
    ...{ beyondBaseline: baseline?.beyond ?? null, largest: layer.largest, smallest: layer.smallest },
    ...metrics,
    ...{ alpha: powerLaw?.alpha ?? null, alphaError: powerLaw?.standardError ?? null },
    ...{ deadRows: layer.deadRows, duplicateRows: layer.duplicateRows },
  };
}
