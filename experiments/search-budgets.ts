/**
 * Figure 4 of the paper at a size of one's own: linear against stage-wise channels at several budgets, five seeds each.
 *
 *   DATA=cifar-10-batches-bin npx tsx experiments/search-budgets.ts
 *
 * Each budget is that of a linear network; the stage-wise one meets the same parameters and MACs. Prints for each budget the
 * mean accuracy of both and the difference with its 95% interval over seeds. Ctrl-C keeps what is done, the same command
 * continues. 30 networks x 10 epochs; with 10,000 images at 16 pixels about 2 core hours. `--seeds`, `--epochs`,
 * `--resolution` and `--out FOLDER` (runs/search-budgets) are its flags.
 */
import { parseArgs } from 'node:util';
import { useBackend } from 'rankscope';
import {
  cifarNetwork,
  designNetwork,
  networkCosts,
  readSearch,
  readTrainingData,
  resolveSearchStudy,
  runSearch,
  searchOn,
  weightedLine,
} from 'rankscope/networks';

/** The narrowest and the widest block of a linear network of nine blocks, for each budget. */
const budgets = [
  [16, 32],
  [20, 52],
  [24, 72],
] as const;
const BLOCKS = 9;

/** Returns the channels of a linear network and of a stage-wise one of the same costs. */
function pairOf(first: number, last: number, resolution: number): number[][] {
  const linear = Array.from({ length: BLOCKS }, (_, i) =>
    Math.round(first + (i * (last - first)) / (BLOCKS - 1)),
  );
  const like = (channels: readonly number[]) => cifarNetwork(channels, { resolution, classes: 10 });
  const { params, macs } = networkCosts(like(linear));
  const stage = designNetwork({ params, macs, blocks: BLOCKS, shape: 'stage', like: like(linear) });
  if (!stage.met) throw new Error(`no stage-wise network meets the budget of ${linear.join('-')}`);
  return [linear, [...stage.channels]];
}

async function main(): Promise<void> {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: {
      seeds: text('5'),
      epochs: text('10'),
      resolution: text('16'),
      out: text('runs/search-budgets'),
    },
  });
  const path = process.env.DATA;
  if (path === undefined) throw new Error('missing data: set DATA');
  const resolution = Number(values.resolution);
  const designs = budgets.flatMap(([first, last]) => pairOf(first, last, resolution));
  const recipe = { epochs: Number(values.epochs) };
  const study = resolveSearchStudy({ designs, seeds: Number(values.seeds), resolution, recipe });
  const { spec, data } = searchOn(study, await readTrainingData(path, { resolution }));
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  const backend = await useBackend('auto');
  const { out } = values;
  await runSearch(spec, data, { out, engine: 'kernels', backend, resume: true, signal: stop.signal });
  const { rows } = await readSearch(out);
  for (const [i] of budgets.entries()) {
    const both = rows.filter(({ design }) => Math.floor(design / 2) === i);
    const line = weightedLine(
      both.map(({ design }) => (design % 2 === 0 ? 1 : 0)),
      both.map(({ testAccuracy }) => 100 * testAccuracy),
    );
    const { channels = '', macs = 0 } = both.find(({ design }) => design % 2 === 0) ?? {};
    const words = line
      ? `linear less stage-wise ${line.slope.toFixed(2)} points (${line.interval.map((x) => x.toFixed(2)).join(' to ')})`
      : 'too few networks';
    console.log(`${channels}, ${(macs / 1e6).toFixed(1)}M MACs: ${words}`);
  }
}

void main();
