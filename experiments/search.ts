/**
 * Figure 2 and Table 3 of the paper at a size of one's own: a search among designs of one budget, the best and worst of them
 * trained again with fresh seeds, the analysis and its figure.
 *
 *   DATA=cifar-10-batches-bin npx tsx experiments/search.ts
 *
 * Without flags: 190 designs like the best of search (a) at 16 pixels, 10 epochs, one seed each, 20 of them with three.
 * Ctrl-C keeps what is done, the same command continues. The cost is that of the images: 230 networks x 10 epochs x the
 * training images, plus the 20 networks x 3 seeds of the ends, at the images per second of `--estimate`; with 10,000 images
 * and 600 a second 13 core hours. The paper's own size, 200 networks x 3 seeds x 30 epochs of CIFAR-100 at 32 pixels:
 *
 *   DATA=cifar-100-binary npx tsx experiments/search.ts --designs 200 --repeated 200 --epochs 30 --resolution 32
 *
 * takes about 1,670 core hours. `--out FOLDER` is where the runs are (runs/search).
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { useBackend } from 'rankscope';
import { searchFigure, writeFigure } from 'rankscope/figures';
import {
  analyseSearch,
  readSearch,
  readTrainingData,
  resolveSearchStudy,
  runSearch,
  searchAgain,
  searchOn,
} from 'rankscope/networks';

const defaults = {
  designs: '190',
  repeated: '20',
  epochs: '10',
  resolution: '16',
  like: 'cifar:34-34-45-55-66',
  out: 'runs/search',
} as const;

async function main(): Promise<void> {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => [key, { type: 'string', default: value }] as const),
  );
  const { values } = parseArgs({ options });
  const given = values as Record<keyof typeof defaults, string>;
  const path = process.env.DATA;
  if (path === undefined) throw new Error('missing data: set DATA');
  const resolution = Number(given.resolution);
  const study = resolveSearchStudy({
    designs: { count: Number(given.designs), like: given.like, minChannels: 4 },
    repeats: { designs: Number(given.repeated), seeds: 3 },
    ...{ resolution, recipe: { epochs: Number(given.epochs) } },
  });
  const { spec, data } = searchOn(study, await readTrainingData(path, { resolution }));
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  const common = {
    engine: 'kernels',
    backend: await useBackend('auto'),
    resume: true,
    signal: stop.signal,
  } as const;
  const [first, second] = ['first', 'again'].map((name) => join(given.out, name)) as [string, string];
  await runSearch(spec, data, { out: first, ...common });
  if (stop.signal.aborted) return;
  const { rows } = await readSearch(first);
  const ends = Math.max(2, Math.min(10, Math.floor(Number(given.designs) / 2)));
  await runSearch(searchAgain(spec, rows, { ends }), data, { out: second, ...common });
  if (stop.signal.aborted) return;
  const analysis = analyseSearch(rows, { fresh: (await readSearch(second)).rows });
  console.log(JSON.stringify(analysis, null, 1));
  await writeFigure(searchFigure(rows, analysis), join(given.out, 'search'));
}

void main();
