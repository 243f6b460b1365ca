import { join } from 'node:path';
import type { DepthRow } from '../../../depth/depth-row.js';
import { imagesNeeded, SETTLED_POSITIONS, settlingImages } from '../../../depth/image-demand.js';
import { depthTolerance, measureDepth, type DepthOptions } from '../../../depth/measure-depth.js';
import { summariseDepth } from '../../../depth/summarise-depth.js';
import { invalid, printable } from '../../../errors.js';
import { firstOf } from '../../../lookups.js';
import { toCsv } from '../../../files/csv.js';
import type { ImageCollection, ImageSource } from '../../../images/image-source.js';
import { openImages } from '../../../images/open-images.js';
import { checkChannels } from '../../../images/prepare-pixels.js';
import { randomImages } from '../../../images/random-images.js';
import { useBackend } from '../../../layers/backend.js';
import type { Network } from '../../../networks/network.js';
import { depthFigure } from '../../../plots/figures/depth.js';
import { writeFigure } from '../../../plots/render/render.js';
import { checkSeed } from '../../../random/stream.js';
import { formatTolerance, parseTolerance } from '../../../rank/tolerance.js';
import { depthCaption } from '../../../report/run-captions.js';
import { depthRun } from '../../../runs/depth-run.js';
import { keepRun } from '../../../store/keep-run.js';
import type { NetworkValues } from './network.js';
import { depthTable } from '../../text/networks/depth-table.js';
import { readFigureFlags } from '../../options/figure-options.js';
import { noteLeftOut } from '../../text/note-left-out.js';
import { showProgress } from '../../text/progress.js';
import { readNetwork, settingsOf } from '../../options/read-network.js';
import { readWhole } from '../../options/read-quantity.js';
import { readWeights } from '../../options/read-weights.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../../files/require-file-handles.js';
import { stopOnSignal, type Stop } from '../stop-on-signal.js';

/** Measures ranks along the depth of networks, prints them, and draws them with `--out`. */
export async function rankNetworks(values: NetworkValues, given: readonly string[]): Promise<void> {
  if (values.overwrite && values.out === undefined) throw invalid('flag', '--overwrite', 'only with --out');
  const { formats, figure: look } = readFigureFlags(values);
  const tolerances = (values.tolerance ?? [depthTolerance]).map((rule) =>
    formatTolerance(parseTolerance(rule)),
  );
  const seed = checkSeed(readWhole('seed', values.seed) ?? 0);
  const batch = positive('batch', values.batch);
  const networks = await Promise.all(given.map((name) => readNetwork(name, settingsOf(values))));
  if (values.weights !== undefined && networks.length > 1) {
    throw invalid('networks', networks.map(({ name }) => name).join(', '), 'one network with --weights');
  }
  const names = networks.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid('networks', names.join(', '), `each once; ${twice} is given twice`);
  const parameters =
    values.weights === undefined
      ? undefined
      : await readWeights(firstOf(networks), values.weights, values.weightsPrefix);
  const { out } = values;
  const place = out === undefined ? undefined : { folder: out, overwrite: values.overwrite === true };
  if (out !== undefined) requireFileHandles(DRAWING_HANDLES);
  await keepRun(depthRun, place, async (begin) => {
    const skipped: string[] = [];
    const { images, leftOut } = await chooseImages(values, networks, seed, skipped);
    const backend = await useBackend('auto');
    const stop = stopOnSignal('the finished networks are kept');
    const rows = await measure(networks, images, stop, {
      parameters,
      seed,
      tolerances,
      taps: values.taps,
      batch,
    });
    process.exitCode = stop.exitCode;
    const state = stop.exitCode === undefined ? 'complete' : 'stopped';
    const done = networks.filter(({ name }) => rows.some(({ network }) => network === name));
    if (done.length === 0) return state;
    const about = {
      weights: values.weights ?? null,
      seed,
      tolerances,
      images: images.words,
      skipped,
      leftOut,
    };
    process.stdout.write(printed(rows, done, images, about, values));
    if (out === undefined) return state;
    const write = await begin({
      spec: { networks: networks.map(described), inputs: values.inputs ?? null, ...about },
      count: { done: done.length, total: networks.length },
      backend,
    });
    await write('rows.csv', toCsv(rows)); // before the figure, which may refuse its size
    const figure = depthFigure(summariseDepth(rows), {
      caption: depthCaption({ ...about, networks: done }),
      ...look,
    });
    const paths = await writeFigure(figure, join(out, 'depth'), formats);
    const lines = [`rows     ${join(out, 'rows.csv')}\n`, ...paths.map((path) => `figure   ${path}\n`)];
    (values.json || values.csv ? process.stderr : process.stdout).write(lines.join(''));
    return state;
  });
}

/** Returns the rows of the networks finished before a signal to stop. */
async function measure(
  networks: readonly Network[],
  images: ImageSource,
  stop: Stop,
  options: DepthOptions,
): Promise<DepthRow[]> {
  const progress = showProgress('images');
  const begun = performance.now();
  const rows: DepthRow[] = [];
  try {
    for (const [i, network] of networks.entries()) {
      const onProgress = (done: number, total: number) => {
        const seconds = (performance.now() - begun) / 1000;
        progress.update({ done: i * total + done, total: networks.length * total, seconds });
      };
      rows.push(...(await measureDepth(network, images, { ...options, onProgress, signal: stop.signal })));
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    progress.end();
    stop.release();
  }
  return rows;
}

const described = ({ name, resolution }: Network) => ({ name, resolution });

interface About {
  readonly weights: string | null;
  readonly seed: number;
  readonly tolerances: readonly string[];
  readonly images: string;
  readonly skipped: readonly string[];
  /** A description of the folder's files that are not read. */
  readonly leftOut: string | null;
}

/**
 * Returns the same images for all networks. Their number is the requested one, or else the number that all taps need,
 * or all available images if there are fewer.
 */
async function chooseImages(
  { inputs, images, skipBroken }: NetworkValues,
  networks: readonly Network[],
  seed: number,
  skipped: string[],
): Promise<{ images: ImageSource; leftOut: string | null }> {
  const asked = positive('images', images);
  const needed = Math.max(...networks.map(imagesNeeded));
  const onSkipped = (problems: readonly string[]) => {
    skipped.push(...problems);
    const verb = problems.length === 1 ? 'was' : 'were';
    process.stderr.write(`rankscope: ${problems.length} broken ${verb} skipped: ${problems.join(', ')}\n`);
  };
  if (inputs !== undefined) checkInputs(networks);
  const collection: ImageCollection =
    inputs === undefined ? randomImages(seed) : await openImages(inputs, { seed, skipBroken, onSkipped });
  const { available, leftOut = null } = collection;
  noteLeftOut(inputs, leftOut);
  if (asked !== undefined && asked > available) {
    throw invalid('images', asked, `at most ${available}, as many as there are in ${inputs}`);
  }
  return { images: await collection.select(asked ?? Math.min(needed, available)), leftOut };
}

/** Refuses networks that do not fit image files before measuring any, and reports which networks get grey images. */
function checkInputs(networks: readonly Network[]): void {
  for (const { inputChannels } of networks) checkChannels(inputChannels);
  const grey = networks.filter(({ inputChannels }) => inputChannels === 1).map(({ name }) => name);
  if (grey.length > 0)
    process.stderr.write(
      `rankscope: images are grey for ${grey.join(', ')}: the luma of Rec. 601, mean 0.4590, deviation 0.2256\n`,
    );
}

function positive(flag: string, text: string | undefined): number | undefined {
  const value = readWhole(flag, text);
  if (value === 0) throw invalid(flag, 0, 'a whole number from 1');
  return value;
}

function printed(
  rows: readonly DepthRow[],
  networks: readonly Network[],
  images: ImageSource,
  about: About,
  { json, csv }: NetworkValues,
): string {
  if (csv) return toCsv(rows);
  if (json) {
    const listed = networks.map(({ name, resolution, inputChannels }) => {
      return {
        name,
        resolution,
        inputChannels,
        rows: rows.filter(({ network }) => network === name).map(withoutNetwork),
      };
    });
    return `${JSON.stringify({ ...about, images: { count: images.count, words: images.words }, networks: listed })}\n`;
  }
  const tables = networks.flatMap((network) =>
    about.tolerances.map((tolerance) => {
      const own = rows.filter((row) => row.network === network.name && row.tolerance === tolerance);
      const title = `${network.name}: ${network.resolution} x ${network.resolution}, ${images.words}, tolerance ${tolerance}`;
      return `${printable(title)}\n\n${depthTable(own)}`;
    }),
  );
  return `${tables.join('\n')}${notes(rows, networks, images, about)}`;
}

function withoutNetwork({ network: _, seed: __, ...row }: DepthRow): object {
  return row;
}

function notes(
  rows: readonly DepthRow[],
  networks: readonly Network[],
  images: ImageSource,
  { weights, seed }: About,
): string {
  const settling = Math.min(images.count, ...networks.map(settlingImages));
  const lines = [
    weights === null
      ? `random weights, seed ${seed}; normalizations have the moments of the first ${settling} images`
      : `weights  ${weights}`,
    'effective: the exponential of the spectral entropy; ratio: of the channels',
  ];
  if (rows.some(({ positions, channels }) => positions < channels)) {
    lines.push('* fewer positions than channels: no rank can exceed them; take more images');
  } else if (rows.some(({ positions, channels }) => positions < SETTLED_POSITIONS * channels)) {
    lines.push(`with more images (${SETTLED_POSITIONS} positions per channel) some ranks may be higher`);
  }
  if (rows.some(({ certified }) => !certified)) {
    lines.push('rank a-b: singular values lie at the tolerance; the exact rank is from a to b');
  }
  return lines.map((line) => `${line}\n`).join('');
}
