/**
 * Figure 4 of the paper at a size of one's own: linear against stage-wise channels at three budgets, five seeds each.
 *
 *     npx tsx experiments/search-budgets.ts --data cifar-10-batches-bin [--budgets 3] [--seeds 5] [--epochs 5] [--resolution 16]
 *
 * Each budget is that of a linear network; the stage-wise one meets its parameters and MACs within 1%. The searches
 * that train them, one per budget, are kept in `--run FOLDER` (runs/budgets); Ctrl-C keeps what is done, the same command
 * continues.
 */
import { useBackend } from 'rankscope';
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
import { experimentArguments } from './experiment-arguments';

const { sizes, texts } = experimentArguments({
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

/** Returns the channels of a linear network with the costs of another, and of a stage-wise one with the costs of the linear. */
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

async function main(): Promise<void> {
  if (path === undefined) throw new RangeError('missing flag: --data PATH (see the beginning of this file)');
  const raw = await readTrainingData(path, { resolution });
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  const backend = await useBackend('auto');
  const common = { engine: 'kernels', backend, resume: true, signal: stop.signal } as const;
  for (const [i, name] of budgets.slice(0, sizes.budgets).entries()) {
    const designs = pairOf(name, raw.classes.length);
    const study = resolveSearchStudy({ designs, seeds, resolution, recipe: { epochs } });
    const { spec, data } = searchOn(study, raw);
    await runSearch(spec, data, { out: `${run}/${i + 1}`, ...common });
    if (stop.signal.aborted) return;
  }
}

void main();
