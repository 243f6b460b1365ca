/**
 * Table 2 of the paper at a size of one's own: four networks of two inverted bottlenecks, five seeds each. Each network
 * has one factor more than the one before. The ranks of the networks along their depth are measured before and after
 * training.
 *
 *     npx tsx experiments/table-2.ts --data cifar-10-batches-bin [--seeds 5] [--epochs 3] [--resolution 16] [--macs 4300000]
 *
 * Each network's results are kept in `--run FOLDER` (runs/table-2) when it is done. After Ctrl-C the same command
 * continues with the first missing network. Writes figures/table-2: the figures `comparison` and `depth` with their
 * data. Other sizes go to runs/, unless --out is given. Without --data nothing is trained, and the kept results are
 * drawn. It takes about a quarter of a core hour.
 *
 *     npx tsx experiments/table-2.ts --data cifar-100-binary --epochs 30 --resolution 32 --macs 101000000
 *
 * is the paper's size, with epochs as in its searches: about 200 core hours.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { metrics, singularValues, useBackend, writeTable } from 'rankscope';
import {
  channelsOf,
  networkCosts,
  readTrainingData,
  resolveRecipe,
  tapRanks,
  testFeatures,
  trainNetwork,
  untrainedParameters,
  type Network,
  type Recipe,
  type TrainingData,
} from 'rankscope/networks';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';
import { table2Gains, type Table2Row, type Table2Tap } from './table-2-figure';
import { factorNetwork, factors } from './table-2-networks';

const { sizes, texts, out } = experimentArguments({
  name: 'table-2',
  full: { seeds: 5, epochs: 3, resolution: 16, macs: 4_300_000 },
  texts: ['data', 'run'],
});
const { data: path, run = 'runs/table-2' } = texts;
const { seeds, epochs, resolution, macs } = sizes as Record<
  'seeds' | 'epochs' | 'resolution' | 'macs',
  number
>;
/** That of searches: finer ones find nearly every trained output of full rank. */
const TOLERANCE = 'relative:0.01';

/** Trains a network and returns its row, with ranks before and after; undefined if the signal stopped it. */
async function measured(network: Network, data: TrainingData, recipe: Recipe, signal: AbortSignal) {
  const trained = await trainNetwork(network, data, recipe, { engine: 'kernels', signal });
  const last = trained.rows.at(-1);
  if (trained.state !== 'complete' || !last) return undefined;
  const ranks = tapRanks(network, data, [TOLERANCE]);
  const untrained = untrainedParameters(network, data, recipe);
  const [before, after] = [await ranks(untrained), await ranks(trained.parameters)];
  const final = [untrained, trained.parameters].map((parameters) =>
    metrics(singularValues(testFeatures(network, data, parameters))),
  );
  const { params, macs } = networkCosts(network);
  return {
    ...{ network: network.name, seed: recipe.seed, stem: network.stem.channels },
    ...{ channels: channelsOf(network).join('-'), params, macs },
    ...{ testAccuracy: last.testAccuracy, testLoss: last.testLoss, trainLoss: last.trainLoss },
    ...{ nuclearBefore: final[0]!.nuclearNorm, nuclearAfter: final[1]!.nuclearNorm },
    ...{ effectiveBefore: final[0]!.effectiveRank, effectiveAfter: final[1]!.effectiveRank },
    seconds: trained.rows.reduce((sum, row) => sum + row.seconds, 0),
    taps: before.map(({ layer, tap, channels, rankRatio, effectiveRank }, i) => ({
      ...{ layer, tap, channels, rankBefore: rankRatio, rankAfter: after[i]!.rankRatio },
      effectiveBefore: effectiveRank / channels,
      effectiveAfter: after[i]!.effectiveRank / channels,
    })),
  };
}

/** Trains what is missing; returns false if it was stopped. */
async function train(data: TrainingData, signal: AbortSignal): Promise<boolean> {
  const settings = { resolution, classes: data.classes.length };
  const networks = factors.map((factor) => factorNetwork(factor, macs, settings));
  const recipe = resolveRecipe({ epochs });
  const images = {
    ...{ kind: data.kind, sha256: data.sha256 },
    ...{ trainImages: data.train.count, testImages: data.test.count },
  };
  const spec = { networks, recipe, tolerance: TOLERANCE, images };
  await mkdir(run, { recursive: true });
  const kept = `${run}/spec.json`;
  const text = JSON.stringify(spec, null, 1);
  if (!existsSync(kept)) await writeFile(kept, text);
  if (!isDeepStrictEqual(JSON.parse(await readFile(kept, 'utf8')), JSON.parse(text)))
    throw new Error(`${run} has another run; name another folder with --run`);
  for (let seed = 0; seed < seeds; seed++)
    for (const [i, network] of networks.entries()) {
      const file = `${run}/${i}-${seed}.json`;
      if (existsSync(file)) continue;
      const row = await measured(network, data, { ...recipe, seed }, signal);
      if (!row) return false;
      await writeFile(`${file}.unfinished`, JSON.stringify(row));
      await rename(`${file}.unfinished`, file);
      const { testAccuracy, nuclearAfter, seconds } = row;
      console.log(
        `${network.name}, seed ${seed}: ${(100 * testAccuracy).toFixed(2)}%, nuclear norm ${nuclearAfter.toFixed(0)}, ${seconds.toFixed(0)} s`,
      );
    }
  return true;
}

/** Writes the networks that are there, with the rank at every tap, and what decided them; returns the networks. */
async function keep(): Promise<Table2Row[]> {
  const names = (await readdir(run)).filter((name) => /^\d+-\d+\.json$/.test(name));
  type Kept = Table2Row & { readonly taps: readonly Omit<Table2Tap, 'network' | 'seed' | 'place'>[] };
  const kept = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(`${run}/${name}`, 'utf8')) as Kept),
  );
  const order = factors.map(({ name }) => name);
  kept.sort((a, b) => order.indexOf(a.network) - order.indexOf(b.network) || a.seed - b.seed);
  const rows = kept.map(({ taps: _, ...row }) => row);
  // without shortcuts the projection is the output
  const taps = kept.flatMap(({ network, seed, taps: own }) =>
    own
      .filter(({ tap }) => tap !== 'project')
      .map((tap, place) => ({ network, seed, place: place + 1, ...tap })),
  );
  await writeTable(`${out}/networks.csv`, rows, 6);
  await writeTable(`${out}/taps.csv`, taps, 4);
  const spec = JSON.parse(await readFile(`${run}/spec.json`, 'utf8')) as object;
  const done = { done: rows.length, total: seeds * factors.length };
  const manifest = { networks: done, engine: 'kernels', node: process.versions.node, spec };
  await writeFile(`${out}/settings.json`, `${JSON.stringify(manifest, null, 1)}\n`);
  return rows;
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  if (path !== undefined) {
    await useBackend('auto');
    if (!(await train(await readTrainingData(path, { resolution }), stop.signal))) return;
  } else if (!existsSync(run))
    throw new RangeError('missing flag: --data PATH (see the beginning of this file)');
  const words = (mean: number | null, interval: readonly number[] | null, digits: number) =>
    mean === null
      ? '-'
      : `${mean.toFixed(digits)} (${interval?.map((x) => x.toFixed(digits)).join(' to ') ?? ''})`;
  for (const row of table2Gains(await keep())) {
    const { accuracy, nuclearNorm, effectiveRank } = row;
    console.log(
      [
        `${row.name}, ${row.networks} networks: ${words(accuracy.mean, accuracy.interval, 2)}%`,
        `more than the baseline ${words(row.gain, row.gainInterval, 2)}, printed ${row.printedGain.toFixed(1)}`,
        `nuclear norm ${words(nuclearNorm.mean, nuclearNorm.interval, 0)}`,
        `of the baseline's ${words(row.ratio, row.ratioInterval, 3)}, printed ${row.printedRatio.toFixed(3)}`,
        `effective rank ${words(effectiveRank.mean, effectiveRank.interval, 1)} of 320`,
      ].join('; '),
    );
  }
  for (const file of await drawFolder('table-2', out)) console.log(file);
}

void main();
