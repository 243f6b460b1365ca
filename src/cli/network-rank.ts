import { join } from 'node:path';
import type { DepthRow } from '../depth/depth-row.js';
import { imagesNeeded, SETTLED_POSITIONS, settlingImages } from '../depth/image-demand.js';
import { depthTolerance, measureDepth } from '../depth/measure-depth.js';
import { summariseDepth } from '../depth/summarise-depth.js';
import { invalid } from '../errors.js';
import { toCsv } from '../files/csv.js';
import { writeWhole } from '../files/write-whole.js';
import type { ImageCollection, ImageSource } from '../images/image-source.js';
import { openImages } from '../images/open-images.js';
import { randomImages } from '../images/random-images.js';
import { useBackend } from '../layers/backend.js';
import type { Tap } from '../layers/blocks.js';
import type { Network } from '../networks/network.js';
import { depthFigure } from '../plots/depth.js';
import { writeFigure } from '../plots/render.js';
import { checkSeed } from '../random/stream.js';
import { formatTolerance, parseTolerance } from '../rank/tolerance.js';
import { depthTable } from './depth-table.js';
import { readFormats } from './formats.js';
import { showProgress } from './progress.js';
import { readNetwork, settingsOf } from './read-network.js';
import { readWhole } from './read-quantity.js';
import { readWeights } from './read-weights.js';

/** The flags that belong to `--rank`. */
export interface NetworkRankArguments {
  inputs?: string;
  images?: string;
  batch?: string;
  seed?: string;
  tolerance?: string | string[];
  taps?: string;
  weights?: string;
  skipBroken: boolean;
  out?: string;
  formats?: string;
}

interface Order extends NetworkRankArguments {
  name: string[];
  resolution?: string;
  classes?: string;
  json: boolean;
  csv: boolean;
}

/** Measures ranks along the depth of networks, prints them, and draws them with `--out`. */
export async function rankNetworks(order: Order): Promise<void> {
  const formats = readFormats(order.formats);
  const tolerances = [order.tolerance ?? depthTolerance]
    .flat()
    .map((rule) => formatTolerance(parseTolerance(rule)));
  const seed = checkSeed(readWhole('seed', order.seed) ?? 0);
  const batch = positive('batch', order.batch);
  const networks = await Promise.all(order.name.map((name) => readNetwork(name, settingsOf(order))));
  if (order.weights !== undefined && networks.length > 1) {
    throw invalid('networks', networks.map(({ name }) => name).join(', '), 'one network with --weights');
  }
  const names = networks.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid('networks', names.join(', '), `each once; ${twice} is there twice`);
  const parameters = order.weights === undefined ? undefined : await readWeights(networks[0]!, order.weights);
  const skipped: string[] = [];
  const images = await chooseImages(order, networks, seed, skipped);
  await useBackend('auto');

  const progress = showProgress('images');
  const begun = performance.now();
  const rows: DepthRow[] = [];
  try {
    for (const [i, network] of networks.entries()) {
      const measured = await measureDepth(network, images, {
        parameters,
        seed,
        tolerances,
        taps: order.taps?.split(',') as Tap[] | undefined,
        batch,
        onProgress: (done, total) => {
          const seconds = (performance.now() - begun) / 1000;
          progress.update({ done: i * total + done, total: networks.length * total, seconds });
        },
      });
      rows.push(...measured);
    }
  } finally {
    progress.end();
  }
  const about = { weights: order.weights ?? null, seed, tolerances, images: images.words, skipped };
  process.stdout.write(printed(rows, networks, images, about, order));
  if (order.out === undefined) return;
  const figure = depthFigure(summariseDepth(rows), { caption: captionOf(networks, about) });
  await writeWhole(join(order.out, 'rows.csv'), toCsv(rows));
  const paths = await writeFigure(figure, join(order.out, 'depth'), formats);
  const lines = [`rows     ${join(order.out, 'rows.csv')}\n`, ...paths.map((path) => `figure   ${path}\n`)];
  (order.json || order.csv ? process.stderr : process.stdout).write(lines.join(''));
}

interface About {
  readonly weights: string | null;
  readonly seed: number;
  readonly tolerances: readonly string[];
  readonly images: string;
  readonly skipped: readonly string[];
}

/** Returns the same images for all networks: as many as asked for, else as all taps need, or as many as there are. */
async function chooseImages(
  { inputs, images, skipBroken }: Order,
  networks: readonly Network[],
  seed: number,
  skipped: string[],
): Promise<ImageSource> {
  const asked = positive('images', images);
  const needed = Math.max(...networks.map(imagesNeeded));
  const onSkipped = (problems: readonly string[]) => {
    skipped.push(...problems);
    const verb = problems.length === 1 ? 'was' : 'were';
    process.stderr.write(`rankscope: ${problems.length} broken ${verb} skipped: ${problems.join(', ')}\n`);
  };
  const collection: ImageCollection =
    inputs === undefined
      ? randomImages(seed, networks[0]!.inputChannels)
      : await openImages(inputs, { seed, skipBroken, onSkipped });
  const { available } = collection;
  if (asked !== undefined && asked > available) {
    throw invalid('images', asked, `at most ${available}, as many as there are in ${inputs}`);
  }
  return collection.select(asked ?? Math.min(needed, available));
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
  { json, csv }: Order,
): string {
  if (csv) return toCsv(rows);
  if (json) {
    const listed = networks.map(({ name, resolution }) => {
      return { name, resolution, rows: rows.filter(({ network }) => network === name).map(withoutNetwork) };
    });
    return `${JSON.stringify({ ...about, images: { count: images.count, words: images.words }, networks: listed })}\n`;
  }
  const tables = networks.flatMap((network) =>
    about.tolerances.map((tolerance) => {
      const own = rows.filter((row) => row.network === network.name && row.tolerance === tolerance);
      return `${network.name}: ${network.resolution} x ${network.resolution}, ${images.words}, tolerance ${tolerance}\n\n${depthTable(own)}`;
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
    lines.push(`with more images, ${SETTLED_POSITIONS} positions a channel, some ranks may be higher`);
  }
  if (rows.some(({ certified }) => !certified)) {
    lines.push('rank a-b: the tolerance falls on singular values, the exact rank lies between');
  }
  return lines.map((line) => `${line}\n`).join('');
}

function captionOf(networks: readonly Network[], { weights, seed, images, tolerances }: About): string {
  const sizes = [...new Set(networks.map(({ resolution }) => `${resolution} x ${resolution}`))].join(', ');
  const origin = weights === null ? `random weights, seed ${seed}` : `weights of ${weights}`;
  return `${images} at ${sizes}, ${origin}, tolerance ${tolerances[0]}.`;
}
