/**
 * Figure 4 of the paper at any size: linear against stage-wise channels at three budgets, five seeds each.
 *
 *     npx tsx experiments/search-budgets.ts --data cifar-10-batches-bin [--budgets 3] [--seeds 5] [--epochs 5] [--resolution 16]
 *
 * Each budget is that of a linear network; the stage-wise one meets its parameters and MACs within 1%. The searches
 * that train them, one per budget, are kept in `--run FOLDER` (runs/budgets); Ctrl-C keeps what is done, the same command
 * continues. Writes figures/search-budgets: the figures `comparison` and `depth` with their data; other sizes to runs/, unless
 * --out is given. Without --data nothing is trained, and what is there is drawn. All of it takes about half a core hour.
 *
 *     npx tsx experiments/search-budgets.ts --data cifar-100-binary --epochs 30 --resolution 32
 *
 * is the same with the paper's images and epochs: about 50 core hours.
 */
import { existsSync } from 'node:fs';
import { readTable, useBackend } from 'rankscope';
import {
  cifarNetwork,
  designNetwork,
  networkCosts,
  networkNamed,
  readTrainingData,
  resolveSearchStudy,
  runSearch,
  searchOn,
} from 'rankscope/networks';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';
import { keepSearches, type KeptNetwork } from './kept-searches';
import { budgetDifferences } from './search-budgets-figure';

const { sizes, texts, out } = experimentArguments({
  name: 'search-budgets',
  full: { budgets: 3, seeds: 5, epochs: 5, resolution: 16 },
  texts: ['data', 'run'],
});
const { data: path, run = 'runs/budgets' } = texts;
const { seeds, epochs, resolution } = sizes as Record<'seeds' | 'epochs' | 'resolution', number>;

/** Networks whose costs are the three budgets; the last is the best of the paper's search (a). */
const budgets = ['cifar:8-10-13-16-19', 'cifar:16-20-24-28-32', 'cifar:34-34-45-55-66'];
/** How far costs may be from the budget. */
const WITHIN = 0.01;

/**
 * Returns the channels of a linear network and of a stage-wise one. The linear one has the costs of a named network,
 * the stage-wise one those of the linear.
 */
function pairOf(name: string, classes: number): number[][] {
  const settings = { resolution, classes };
  const design = (shape: 'linear' | 'stage', channels: readonly number[]) => {
    const like = cifarNetwork(channels, settings);
    const { params, macs } = networkCosts(like);
    const found = designNetwork({ params, macs, shape, like, within: WITHIN, minChannels: 4 });
    if (!found.met) throw new Error(`no ${shape} network meets the costs of ${name}`);
    return [...found.channels];
  };
  const { blocks } = networkNamed(name, settings);
  const linear = design(
    'linear',
    blocks.map(({ channels }) => channels),
  );
  return [linear, design('stage', linear)];
}

const folderOf = (i: number) => `${run}/${i + 1}`;

/** Trains what is missing, the cheapest budget first. */
async function train(path: string, signal: AbortSignal): Promise<void> {
  const raw = await readTrainingData(path, { resolution });
  const backend = await useBackend('auto');
  for (const [i, name] of budgets.slice(0, sizes.budgets).entries()) {
    const designs = pairOf(name, raw.classes.length);
    const study = resolveSearchStudy({ designs, seeds, resolution, recipe: { epochs } });
    const { spec, data } = searchOn(study, raw);
    await runSearch(spec, data, { out: folderOf(i), engine: 'kernels', backend, resume: true, signal });
    if (signal.aborted) return;
  }
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  if (path !== undefined) await train(path, stop.signal);
  if (stop.signal.aborted) return;
  const done = budgets.map((name, i) => [name, folderOf(i)] as const);
  const kept = done.filter(([, folder]) => existsSync(`${folder}/run.json`));
  if (kept.length === 0) throw new RangeError('missing flag: --data PATH (see the beginning of this file)');
  await keepSearches(Object.fromEntries(kept), out);
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  for (const row of budgetDifferences(await readTable<KeptNetwork>(`${out}/networks.csv`))) {
    const interval = row.interval?.map((x) => x.toFixed(2)).join(' to ') ?? 'no interval';
    const costs = `MACs ${percent(row.macsDifference)}, parameters ${percent(row.paramsDifference)}`;
    console.log(
      `${(row.macs / 1e6).toFixed(2)}M MACs, ${row.networks} networks: ${row.linear} less ${row.stage} ` +
        `${row.difference.toFixed(2)} points (${interval}); ${costs}`,
    );
  }
  for (const file of await drawFolder('search-budgets', out)) console.log(file);
}

void main();
