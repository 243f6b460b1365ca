import { invalid } from '../../errors.js';
import { measureFeatures, type ModelFeatures } from '../../features/measure-features.js';
import { channelOrders, imageLayouts } from '../../features/inputs/image-inputs.js';
import { openInputs } from '../../features/inputs/open-inputs.js';
import { openRunnable } from '../../features/running/open-runnable.js';
import { toCsv } from '../../files/csv.js';
import { backendNames } from '../../layers/backend-names.js';
import { formatTolerance, parseTolerances } from '../../rank/tolerance.js';
import { drawKeptRun } from '../../report/draw-kept-run.js';
import { featureRow } from '../../runs/feature-row.js';
import { featuresRun, featureTables } from '../../runs/features-run.js';
import { keepRun } from '../../store/keep-run.js';
import type { BaselineName } from '../../weights/baseline.js';
import { namePattern } from '../../weights/select-layers.js';
import { readFigureFlags, type figureFlags } from '../options/figure-options.js';
import { choice, flagOf, text, type OptionValues } from '../options/option.js';
import { readWhole } from '../options/read-quantity.js';
import { featuresTable } from '../text/features-table.js';
import { showProgress } from '../text/progress.js';
import { claimReport, writeFeaturesReport } from './report-file.js';
import { stopOnSignal } from './stop-on-signal.js';

const group = 'Features, the model runs:';

/** The flags of `rankscope model FILE --inputs`, besides those of `model`. */
export const featureOptions = {
  inputs: text('Inputs: a folder of images, CIFAR files or an image, or arrays, .npy or .npz', { group }),
  count: text('Number of inputs', { group, default: 'all arrays, at most 64 images' }),
  size: text('Height and width of images', { group, default: 'of the model' }),
  mean: text('Mean of pixels from 0 to 1, one or three numbers', { group, default: "ImageNet's" }),
  std: text('Standard deviation of pixels, one or three', { group, default: "ImageNet's" }),
  layout: choice('Order of the axes of images: nchw, nhwc', imageLayouts, { group, default: 'of the model' }),
  channelOrder: choice('Order of the colours: rgb, bgr', channelOrders, { group, default: 'rgb' }),
  batch: text('Inputs run at once', { group, default: 'as memory allows' }),
  backend: choice('Tensor backend, for models of TensorFlow.js', ['auto', ...backendNames] as const, {
    group,
    default: 'auto',
  }),
} as const;

/** The flags of `model` that features share. */
interface Shared {
  readonly tolerance: readonly string[] | undefined;
  readonly layers: string | undefined;
  readonly baseline: BaselineName | undefined;
  readonly seed: string | undefined;
  readonly all: boolean | undefined;
  readonly json: boolean | undefined;
  readonly csv: boolean | undefined;
  readonly spectrum: boolean | undefined;
  readonly out: string | undefined;
  readonly overwrite: boolean | undefined;
  readonly report: string | undefined;
}
/** The given flags of features. */
export type FeatureValues = OptionValues<typeof featureOptions> &
  Partial<OptionValues<ReturnType<typeof figureFlags>>> &
  Shared;
type Values = FeatureValues;
/** The flags of a command line with `--inputs`. */
export type InputValues = Values & { readonly inputs: string };

/** Flags of weights that mean nothing for features. */
const weightsOnly = ['fold', 'resume', 'shard', 'workers'] as const;
/** The reasons for flags that a user might expect to work. */
const reasons: Readonly<Partial<Record<string, string>>> = {
  resume: '; features are sums over all inputs, so the model has to run again: --overwrite',
  shard: '; features are sums over all inputs, which no part has',
};

/** Returns whether features are asked for. @throws RangeError for flags that do not go together */
export function checkFeatureFlags<
  Given extends Values & Partial<Record<(typeof weightsOnly)[number], unknown>>,
>(values: Given): values is Given & InputValues {
  const given = (names: readonly string[]) =>
    names.find((name) => values[name as keyof typeof values] !== undefined);
  if (values.inputs === undefined) {
    const alone = given(Object.keys(featureOptions));
    if (alone !== undefined) throw invalid('flag', `--${flagOf(alone)}`, 'only with --inputs');
    return false;
  }
  const other = given(weightsOnly);
  if (other !== undefined)
    throw invalid('flag', `--${flagOf(other)}`, `only without --inputs${reasons[other] ?? ''}`);
  if (values.json && values.csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
  if (values.spectrum && !values.json) throw invalid('flag', '--spectrum', 'only with --json');
  if (values.overwrite && values.out === undefined && values.report === undefined)
    throw invalid('flag', '--overwrite', 'only with --out or --report');
  return true;
}

/** Runs a model on inputs and prints the features of its layers. */
export async function printFeatures(path: string, values: InputValues): Promise<void> {
  const tolerances = values.tolerance && parseTolerances(values.tolerance);
  const seed = readWhole('seed', values.seed) ?? 0;
  const { batch, ...options } = readFeatureInputs(values);
  const { formats, figure } = readFigureFlags(values);
  await claimReport(values.report, values);
  const runnable = await openRunnable(path, values.backend ?? 'auto');
  const stop = stopOnSignal(
    values.out === undefined
      ? 'the inputs so far are measured; without --out the result is not kept'
      : 'the inputs so far are measured and kept; for the others --overwrite runs the model again',
  );
  const progress = showProgress('inputs');
  const begin = performance.now();
  const notes = values.json || values.csv ? process.stderr : process.stdout;
  try {
    const inputs = await openInputs(values.inputs, runnable.inputs, { ...options, seed });
    try {
      const layers = namePattern(
        values.layers,
        runnable.places.map(({ layer }) => layer),
      );
      const place =
        values.out === undefined ? undefined : { folder: values.out, overwrite: values.overwrite === true };
      let measured: ModelFeatures | undefined;
      await keepRun(featuresRun, place, async (keep) => {
        measured = await measureFeatures(runnable, inputs, {
          ...{ tolerances, seed, batch, layers, signal: stop.signal },
          reference: values.baseline !== 'none',
          onProgress: (now) => progress.update({ ...now, seconds: (performance.now() - begin) / 1000 }),
        });
        const { features, skipped: _, ...about } = measured;
        const rules =
          features[0]?.centred.ranks.map(({ rule }) => rule) ?? tolerances?.map(formatTolerance) ?? [];
        const write = await keep({
          spec: { ...about, tolerances: rules, baseline: values.baseline ?? 'permuted', seed },
          count: { total: inputs.count, done: measured.inputs.ran },
          backend: null,
        });
        for (const [name, table] of Object.entries(featureTables(measured, rules))) await write(name, table);
        return stop.signal.aborted ? 'stopped' : 'complete';
      });
      progress.end();
      process.stdout.write(printed(measured!, values));
      if (values.out !== undefined) {
        notes.write(`run      ${values.out}\n`);
        const paths =
          measured!.features.length === 0 ? [] : await drawKeptRun(values.out, { formats, figure });
        for (const drawn of paths) notes.write(`figure   ${drawn}\n`);
      }
      const { layers: pattern, baseline } = values;
      await writeFeaturesReport(
        values.report,
        measured!,
        { tolerances: values.tolerance, baseline, seed, layers: pattern, stopped: stop.signal.aborted },
        notes,
      );
      process.exitCode = stop.exitCode;
    } finally {
      inputs.close?.();
    }
  } finally {
    progress.end();
    stop.release();
    runnable.close();
  }
}

/** Reads the flags of the inputs. @throws RangeError for an invalid number */
export function readFeatureInputs(values: OptionValues<typeof featureOptions>) {
  return {
    batch: positive('batch', values.batch),
    count: positive('count', values.count),
    size: positive('size', values.size),
    mean: numbers('mean', values.mean),
    std: numbers('std', values.std),
    layout: values.layout,
    channelOrder: values.channelOrder,
  };
}

function printed(measured: ModelFeatures, { json, csv, all, spectrum }: Values): string {
  if (csv) return toCsv(measured.features.map(featureRow));
  if (!json) return featuresTable(measured, { all: all === true });
  const listed = ({ spectrum: values, ...numbers }: ModelFeatures['features'][number]['centred']) => ({
    ...numbers,
    ...(spectrum && { spectrum: Array.from(values) }),
  });
  const features = measured.features.map((layer) => ({
    ...layer,
    ...{ centred: listed(layer.centred), uncentred: listed(layer.uncentred) },
  }));
  return `${JSON.stringify({ ...measured, features })}\n`;
}

function positive(flag: string, given: string | undefined): number | undefined {
  const value = readWhole(flag, given, 'a whole number from 1');
  if (value === 0) throw invalid(flag, 0, 'a whole number from 1');
  return value;
}

function numbers(flag: string, given: string | undefined): number[] | undefined {
  if (given === undefined) return undefined;
  const values = given.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.some((value) => !Number.isFinite(value)))
    throw invalid(flag, given, 'one or three numbers, joined by commas');
  return values;
}
