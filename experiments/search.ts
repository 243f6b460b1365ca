/**
 * Figure 2 and Table 3 of the paper at any size: a search among designs of one budget. The best and worst designs are
 * trained again with fresh seeds. The analysis and its figure follow.
 *
 *     npx tsx experiments/search.ts --data cifar-10-batches-bin [--run FOLDER] [--workers 1] [--images N] [--out FOLDER]
 *
 * Trains 190 designs of the costs of `--like` with one seed each, 20 of them with three, then the ten best and worst
 * again. The searches are kept in `--run` (runs/search). Ctrl-C keeps what is done; the same command continues. Writes
 * figures/search: a line per network, the analysis, the figure. Other sizes go to runs/, unless --out is given.
 * `--images` is the number of training images. Without --data nothing is trained, and the kept searches are analysed. With
 * 10,000 images at 2,300 a second it takes about 1.7 core hours. Search (a) of the paper takes about six core hours:
 *
 *     npx tsx experiments/search.ts --data cifar-10-batches-bin --like cifar:34-34-45-55-66 --run runs/search-a \
 *       --out figures/search-a
 *
 * The paper's size:
 *
 *     npx tsx experiments/search.ts --data cifar-100-binary --like cifar:34-34-45-55-66 --repeated 200 --designs 200 \
 *       --epochs 30 --resolution 32
 *
 * takes about 1,670 core hours.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { useBackend } from 'rankscope';
import {
  analyseSearch,
  readSearch,
  readTrainingData,
  resolveSearchStudy,
  runSearch,
  searchAgain,
  searchOn,
} from 'rankscope/networks';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';
import { keepSearches } from './kept-searches';

const { sizes, texts, out } = experimentArguments({
  name: 'search',
  full: { designs: 190, repeated: 20, epochs: 5, resolution: 16 },
  choices: { like: 'cifar:8-12-16-20-24' },
  texts: ['data', 'run', 'workers', 'images'],
});
const { data: path, like, run = 'runs/search' } = texts;
const workers = Number(texts['workers'] ?? 1);
const images = texts['images'] === undefined ? undefined : Number(texts['images']);
const size = sizes as Record<'designs' | 'repeated' | 'epochs' | 'resolution', number>;
const [first, again] = [`${run}/first`, `${run}/again`];

/** Trains what is missing of the search, then of its ends. */
async function train(path: string, signal: AbortSignal): Promise<void> {
  const { resolution } = size;
  const study = resolveSearchStudy({
    designs: { count: size.designs, like, minChannels: 4 },
    repeats: { designs: size.repeated, seeds: 3 },
    ...{ resolution, trainImages: images, recipe: { epochs: size.epochs } },
  });
  const { spec, data } = searchOn(study, await readTrainingData(path, { resolution }));
  const backend = await useBackend('auto');
  const common = { engine: 'kernels', backend, workers, resume: true, signal } as const;
  await runSearch(spec, data, { out: first, ...common });
  if (signal.aborted) return;
  const ends = Math.max(2, Math.min(10, Math.floor(size.designs / 2)));
  const fresh = searchAgain(spec, (await readSearch(first)).rows, { ends });
  await runSearch(fresh, data, { out: again, ...common });
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  if (path !== undefined) await train(path, stop.signal);
  if (stop.signal.aborted) return;
  if (!existsSync(first)) throw new RangeError('missing flag: --data PATH (see the beginning of this file)');
  const hasFresh = existsSync(`${again}/run.json`);
  await keepSearches({ first, ...(hasFresh && { again }) }, out);
  const fresh = hasFresh ? (await readSearch(again)).rows : undefined;
  const analysis = JSON.stringify(analyseSearch((await readSearch(first)).rows, { fresh }), null, 1);
  console.log(analysis);
  await writeFile(`${out}/analysis.json`, `${analysis}\n`);
  for (const file of await drawFolder('search', out)) console.log(file);
}

void main();
