import { statSync } from 'node:fs';
import { join } from 'node:path';
import { invalid, missing } from '../../errors.js';
import { toCsv } from '../../files/csv.js';
import type { ModelFile, Skipped } from '../../formats/model-file.js';
import { openModel } from '../../formats/open-model.js';
import { compareFigure } from '../../plots/figures/compare.js';
import { writeFigure } from '../../plots/render/render.js';
import { formatTolerance } from '../../rank/tolerance.js';
import { fromComparisonRow } from '../../runs/comparison-row.js';
import { comparisonRun } from '../../runs/comparison-run.js';
import { executeRun } from '../../store/execute-run.js';
import { fileChecksum } from '../../store/folder/checksum.js';
import { readRunRows } from '../../store/rows/row-files.js';
import type { LayerComparison } from '../../weights/compare-layer-weights.js';
import {
  compareWeights,
  defaultErrors,
  defaultSubspace,
  headOf,
  resolveComparison,
  sharedLayers,
  type WeightComparison,
} from '../../weights/compare-weights.js';
import { defaultWeightTolerances } from '../../weights/measure-weights.js';
import { twinNames, type TwinName } from '../../weights/twin-of.js';
import { commandBody } from '../command.js';
import { figureFlags, readFigureFlags } from '../options/figure-options.js';
import { choice, list, text, toggle, type OptionValues } from '../options/option.js';
import { readWhole } from '../options/read-quantity.js';
import { toleranceOption } from '../options/tolerance-option.js';
import { comparisonTable } from '../text/comparison-table.js';
import { showProgress } from '../text/progress.js';
import { stopOnSignal, type Stop } from './stop-on-signal.js';

const { ratioRange: _, ...drawing } = figureFlags('Figure, with --out:');

const options = {
  error: list('Relative errors (Frobenius) at which the rank of the difference is given, as 0.05,0.1', {
    default: defaultErrors.join(','),
  }),
  subspace: text('Number of leading singular vectors whose spans are compared', {
    default: String(defaultSubspace),
  }),
  tolerance: toleranceOption('', { default: defaultWeightTolerances.join(',') }),
  layers: text('Only layers whose name matches; * stands for any letters', { default: 'all' }),
  twin: choice(
    'Instead of B: permuted (A with its entries in random order), gaussian (normal entries)',
    twinNames,
    {
      default: 'none',
    },
  ),
  seed: text('Seed of --twin', { default: '0' }),
  fold: toggle('Multiply rows by the factors of the normalization behind them, if both files have one'),
  all: toggle('List every layer, not only those that changed most'),
  json: toggle('Print one JSON object'),
  csv: toggle('Print CSV, one line per layer'),
  spectrum: toggle('With --json, list the singular values of each difference'),
  out: text('Folder of a run, which keeps every spectrum', { default: 'none' }),
  overwrite: toggle('Replace the run in --out'),
  resume: toggle('Continue the run in --out, if there is one'),
  shard: text('Compare part I of N into --out, as I/N'),
  ...drawing,
};

/** `rankscope compare A B`: the changes between two models, layer by layer, and the ranks that hold them. */
export const compare = commandBody({
  operand: { describe: 'Two model files or folders; the second is compared with the first' },
  options,
  examples: [
    ['compare base.safetensors tuned.safetensors --error 0.05,0.1', ''],
    ['compare model.safetensors --twin gaussian', ''],
    ['compare before.onnx after.onnx --layers "*conv*" --subspace 16 --json', ''],
  ],
  run: async (values, paths) => {
    const { json = false, csv = false, out } = values;
    const [first, second, ...others] = paths;
    const { twin } = values;
    const against = second ?? twin;
    if (against === undefined)
      throw missing('file', 'only one given', 'compare takes two, A and B, or one and --twin');
    if (others.length > 0 || (second !== undefined && twin !== undefined))
      throw invalid('files', paths.join(' '), twin === undefined ? 'two: A and B' : 'one with --twin');
    if (first === '-' && second === '-') throw invalid('files', '- -', 'one of them from standard input');
    if (json && csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
    if (values.spectrum && !json) throw invalid('flag', '--spectrum', 'only with --json');
    for (const flag of ['overwrite', 'resume', 'shard'] as const)
      if (values[flag] && out === undefined) throw invalid('flag', `--${flag}`, 'only with --out');
    const asked = {
      tolerances: values.tolerance,
      errors: values.error?.map(readError),
      subspace: readWhole('subspace', values.subspace, 'a whole number of at least 1'),
      fold: values.fold,
      seed: readWhole('seed', values.seed),
      layers: values.layers,
    };
    const { figure, formats } = readFigureFlags(values);
    resolveComparison(asked); // a mistyped flag need not wait for large files
    const one = await openModel(first);
    const opened = [one];
    const stop = stopOnSignal('the layers that are done are printed');
    const progress = showProgress('layers');
    const begin = performance.now();
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      progress.update({ done, total, seconds: (performance.now() - begin) / 1000 });
    try {
      const other = twin ?? (await openModel(against));
      if (typeof other !== 'string') opened.push(other);
      const comparison =
        out === undefined
          ? await compareWeights(one, other, { ...asked, signal: stop.signal, onProgress })
          : await compareIntoRun([one, other], { ...values, out }, asked, { stop, onProgress });
      progress.end();
      process.stdout.write(
        json
          ? `${JSON.stringify(comparisonJson(comparison, values.spectrum === true))}\n`
          : csv
            ? toCsv(comparison.layers.map(csvRow))
            : comparisonTable(comparison, { all: values.all === true }),
      );
      if (out !== undefined && comparison.layers.length > 0) {
        const drawn = await writeFigure(
          compareFigure(comparison.layers, figure),
          join(out, 'compare'),
          formats,
        );
        const lines = [`run      ${out}\n`, ...drawn.map((path) => `figure   ${path}\n`)];
        (json || csv ? process.stderr : process.stdout).write(lines.join(''));
      }
      process.exitCode = stop.exitCode;
    } finally {
      progress.end();
      stop.release();
      for (const file of opened) file.close();
    }
  },
});

function readError(text: string): number {
  const error = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (!(error > 0 && error < 1)) throw invalid('error', text, 'a number between 0 and 1, such as 0.05');
  return error;
}

type Asked = Parameters<typeof resolveComparison>[0];

/** Compares into a run, or continues it, and returns the run's results. */
async function compareIntoRun(
  [first, second]: readonly [ModelFile, ModelFile | TwinName],
  values: OptionValues<typeof options> & { readonly out: string },
  asked: Asked,
  { stop, onProgress }: { stop: Stop; onProgress: (progress: { done: number; total: number }) => void },
): Promise<WeightComparison> {
  const { out, overwrite, resume, shard } = values;
  const { matched, skipped } = sharedLayers(first, second, asked);
  const { tolerances, ...settings } = resolveComparison(asked);
  const head = headOf(first, second);
  const isTwin = typeof second === 'string';
  const origin: Record<string, { path: string; sha256: string }> = {};
  for (const [key, { path }] of Object.entries({
    'first model': first,
    ...(!isTwin && { 'second model': second }),
  }))
    if (path !== '-' && statSync(path).isFile()) origin[key] = { path, sha256: await fileChecksum(path) };
  await executeRun(
    comparisonRun,
    {
      formats: [...head.formats],
      layers: matched.map(({ name }) => name),
      tolerances: tolerances.map(formatTolerance),
      ...settings,
      errors: [...settings.errors],
      second: isTwin ? second : 'file',
    },
    {
      out,
      ...(overwrite && { overwrite }),
      ...(resume && { resume }),
      ...(shard !== undefined && { shard }),
      signal: stop.signal,
      onProgress,
      context: { matched },
      origin: { files: origin },
    },
  );
  const [found, left]: [{ place: number; layer: LayerComparison }[], Skipped[]] = [[], [...skipped]];
  for await (const rows of readRunRows(comparisonRun, out))
    for (const row of rows) {
      const read = fromComparisonRow(row);
      if ('reason' in read) left.push(read);
      else found.push({ place: row.place, layer: read });
    }
  found.sort((a, b) => a.place - b.place);
  return { ...head, layers: found.map(({ layer }) => layer), skipped: left };
}

function comparisonJson({ layers, ...rest }: WeightComparison, spectra: boolean): object {
  return {
    ...rest,
    layers: layers.map(({ difference: { spectrum, ...difference }, ...layer }) => ({
      ...layer,
      difference: { ...difference, ...(spectra && { spectrum: Array.from(spectrum) }) },
    })),
  };
}

function csvRow(layer: LayerComparison): Record<string, string | number | boolean | null> {
  const { name, kind, rows, columns, first, second, difference, subspaces, changes } = layer;
  return {
    ...{ name, kind, rows, columns, change: difference.relativeNorm, norm: difference.norm },
    ...Object.fromEntries(
      difference.holding.flatMap(({ error, rank, certified }) => [
        [`rank_at_error_${error}`, rank],
        [`certified_at_error_${error}`, certified],
      ]),
    ),
    ...{ signalRank: difference.signalRank.rank, signalCertified: difference.signalRank.certified },
    ...Object.fromEntries(
      first.ranks.flatMap(({ rule, rank }, i) => [
        [`first_rank_${rule}`, rank],
        [`second_rank_${rule}`, second.ranks[i]!.rank],
        [`difference_rank_${rule}`, difference.ranks[i]!.rank],
      ]),
    ),
    ...Object.fromEntries(Object.entries(changes).map(([key, change]) => [`change_${key}`, change])),
    ...{ leftAngle: subspaces?.left.at(-1) ?? null, rightAngle: subspaces?.right.at(-1) ?? null },
  };
}
