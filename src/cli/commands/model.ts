import { statSync } from 'node:fs';
import { join } from 'node:path';
import { invalid } from '../../errors.js';
import { toCsv } from '../../files/csv.js';
import type { ModelFile, Skipped } from '../../formats/model-file.js';
import { openModel } from '../../formats/open-model.js';
import { formatTolerance } from '../../rank/tolerance.js';
import { fromRow } from '../../runs/weight-row.js';
import { weightsRun } from '../../runs/weights-run.js';
import { carryOut } from '../../store/carry-out.js';
import { fileChecksum } from '../../store/folder/checksum.js';
import { readRunRows } from '../../store/rows/row-files.js';
import { baselineNames } from '../../weights/baseline.js';
import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import {
  defaultWeightTolerances,
  measureWeights,
  resolveWeightOptions,
  selectLayers,
  type ModelWeights,
} from '../../weights/measure-weights.js';
import { commandBody } from '../command.js';
import { modelFigure } from '../../plots/figures/model-ranks.js';
import { writeFigure } from '../../plots/render/render.js';
import { figureFlags, readFigureFlags } from '../options/figure-options.js';
import { choice, text, toggle, type OptionValues } from '../options/option.js';
import { readWhole } from '../options/read-quantity.js';
import { toleranceOption } from '../options/tolerance-option.js';
import { modelTable } from '../text/model-table.js';
import { showProgress } from '../text/progress.js';
import { stopOnSignal, type Stop } from './stop-on-signal.js';

const options = {
  tolerance: toleranceOption('', { default: defaultWeightTolerances.join(',') }),
  layers: text('Only layers whose name matches; * stands for any letters', { default: 'all' }),
  baseline: choice(
    'What each spectrum is compared with: the entries in random order, normal ones, or nothing',
    baselineNames,
    { default: 'permuted' },
  ),
  seed: text('Seed of the baseline', { default: '0' }),
  fold: toggle('Multiply rows by the factors of the normalization behind them, where the file says which'),
  all: toggle('List every layer, not only those of the smallest ranks'),
  json: toggle('Print one JSON object'),
  csv: toggle('Print CSV, one line per layer'),
  spectrum: toggle('With --json, list the singular values of each layer and of its baseline'),
  out: text('Folder of a run, which keeps every spectrum', { default: 'none' }),
  overwrite: toggle('Replace the run that --out holds'),
  resume: toggle('Continue the run in --out, if there is one'),
  shard: text('Measure part I of N into --out, as I/N'),
  ...figureFlags('Figure, with --out:'),
};

/** `rankscope model FILE`: how much of its width each layer of a trained model uses, from its weights. */
export const model = commandBody({
  operand: { describe: 'a model file or folder; - reads standard input' },
  options,
  examples: [
    ['model model.safetensors', ''],
    ['model model.onnx --layers "*conv*" --tolerance relative:0.01 --json', ''],
    ['model checkpoint.pt --out runs/weights --resume', ''],
  ],
  run: async (values, [path]) => {
    const { json = false, csv = false, out } = values;
    if (json && csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
    if (values.spectrum && !json) throw invalid('flag', '--spectrum', 'only with --json');
    for (const flag of ['overwrite', 'resume', 'shard'] as const)
      if (values[flag] && out === undefined) throw invalid('flag', `--${flag}`, 'only with --out');
    const asked = {
      tolerances: values.tolerance,
      baseline: values.baseline,
      seed: readWhole('seed', values.seed),
      fold: values.fold,
      layers: values.layers,
    };
    const drawing = readFigureFlags(values);
    resolveWeightOptions(asked); // a mistyped flag need not wait for a large file
    const file = await openModel(path);
    const stop = stopOnSignal('the layers that are done are printed');
    const progress = showProgress('layers');
    const begin = performance.now();
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      progress.update({ done, total, seconds: (performance.now() - begin) / 1000 });
    try {
      const weights =
        out === undefined
          ? await measureWeights(file, { ...asked, signal: stop.signal, onProgress })
          : await measureIntoRun(file, { ...values, out }, asked, { stop, onProgress });
      progress.end();
      process.stdout.write(
        json
          ? `${JSON.stringify(modelJson(weights, values.spectrum === true))}\n`
          : csv
            ? toCsv(weights.layers.map(csvRow))
            : modelTable(weights, { all: values.all === true }),
      );
      if (out !== undefined && weights.layers.length > 0) {
        const figure = modelFigure(weights.layers, drawing.figure);
        const paths = await writeFigure(figure, join(out, 'model'), drawing.formats);
        const lines = [`run      ${out}\n`, ...paths.map((path) => `figure   ${path}\n`)];
        (json || csv ? process.stderr : process.stdout).write(lines.join(''));
      }
      process.exitCode = stop.exitCode;
    } finally {
      progress.end();
      stop.release();
      file.close();
    }
  },
});

type Asked = Parameters<typeof resolveWeightOptions>[0];

/** Measures into a run, or continues it, and returns what it holds. */
async function measureIntoRun(
  file: ModelFile,
  values: OptionValues<typeof options> & { readonly out: string },
  asked: NonNullable<Asked>,
  { stop, onProgress }: { stop: Stop; onProgress: (progress: { done: number; total: number }) => void },
): Promise<ModelWeights> {
  const { out, overwrite, resume, shard } = values;
  const { layers, skipped } = selectLayers(file, asked.layers);
  const { tolerances, baseline, seed, fold } = resolveWeightOptions(asked);
  const single = file.path !== '-' && statSync(file.path).isFile();
  const spec = {
    format: file.format,
    layers: layers.map(({ name }) => name),
    tolerances: tolerances.map(formatTolerance),
    ...{ baseline, seed, fold },
  };
  await carryOut(weightsRun, spec, {
    out,
    ...(overwrite && { overwrite }),
    ...(resume && { resume }),
    ...(shard !== undefined && { shard }),
    signal: stop.signal,
    onProgress,
    context: { layers },
    origin: { files: single ? { model: { path: file.path, sha256: await fileChecksum(file.path) } } : {} },
  });
  const [measured, left]: [{ place: number; layer: LayerWeights }[], Skipped[]] = [[], [...skipped]];
  for await (const rows of readRunRows(weightsRun, out))
    for (const row of rows) {
      const read = fromRow(row, baseline);
      if ('reason' in read) left.push(read);
      else measured.push({ place: row.place, layer: read });
    }
  measured.sort((a, b) => a.place - b.place);
  return {
    ...{ file: file.path, format: file.format, notes: file.notes, skipped: left },
    layers: measured.map(({ layer }) => layer),
  };
}

function modelJson({ layers, ...rest }: ModelWeights, spectra: boolean): object {
  return {
    ...rest,
    layers: layers.map(({ spectrum, baselineSpectrum, ...layer }) => ({
      ...layer,
      ...(spectra && {
        spectrum: Array.from(spectrum),
        baselineSpectrum: baselineSpectrum && Array.from(baselineSpectrum),
      }),
    })),
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
