/**
 * The pilot of the search: which setting tells designs of one budget apart for the fewest core hours? Each setting trains
 * five designs of a search with four seeds each, and its reliability is the share of the variance that is the designs'.
 *
 *     npx tsx experiments/search-pilot.ts --data cifar-10-batches-bin --fashion /usr/share/datasets/fashion-mnist
 *
 * Settings are run from the cheapest to the dearest, `--settings 4` the first four. Ctrl-C keeps what is done in `--run FOLDER`
 * (runs/search-pilot), the same command continues; settings whose data is not named are left out. Writes `pilot.csv` into
 * figures/search; fewer settings to runs/, unless --out is given. Without data nothing is trained, and what is there is
 * written. All settings take about 55 core hours.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useBackend } from 'rankscope';
import {
  networkCosts,
  networkNamed,
  readSearch,
  readTrainingData,
  resolveSearchStudy,
  runSearch,
  searchOn,
  analyseSearch,
  pooledReliability,
  type SearchAnalysis,
  type SearchRow,
} from 'rankscope/networks';
import { experimentArguments } from './experiment-arguments';

const { sizes, texts, out } = experimentArguments({
  name: 'search',
  full: { settings: 36 },
  texts: ['data', 'fashion', 'run'],
});
const { run = 'runs/search-pilot' } = texts;
const datasets = { cifar: texts['data'], fashion: texts['fashion'] };

/** Networks of 8 to 19 and of 16 to 32 channels, and the best of the paper's search (a). */
const likes = {
  S: 'cifar:8-10-13-16-19',
  M: 'cifar:16-20-24-28-32',
  L: 'cifar:34-34-45-55-66',
} as const;

interface Setting {
  readonly data: keyof typeof datasets;
  readonly resolution: number;
  readonly like: keyof typeof likes;
  readonly epochs: number;
}

const all: Setting[] = (['cifar', 'fashion'] as const).flatMap((data) =>
  (data === 'cifar' ? [16, 32] : [14, 28]).flatMap((resolution) =>
    (['S', 'M', 'L'] as const).flatMap((like) =>
      [5, 10, 20].map((epochs): Setting => ({ data, resolution, like, epochs })),
    ),
  ),
);
const macsOf = ({ like, resolution }: Setting) =>
  networkCosts(networkNamed(likes[like], { resolution, classes: 10 })).macs;
const settings = all.sort((one, other) => macsOf(one) * one.epochs - macsOf(other) * other.epochs);

/** Images of each data set, so that both cost the same. Fashion-MNIST and CIFAR-10 have 10,000 test images. */
const TRAIN_IMAGES = 10_000;
const DESIGNS = 5;
const SEEDS = 4;

const nameOf = ({ data, resolution, like, epochs }: Setting) => `${data}-${resolution}-${like}-${epochs}`;

async function train(setting: Setting, out: string, signal: AbortSignal): Promise<void> {
  const { resolution, epochs } = setting;
  const raw = await readTrainingData(datasets[setting.data]!, { resolution });
  const like = likes[setting.like];
  // the first designs of a larger sample, so that they differ as those of a search do; 95 are all that S has
  const designs = { count: 90, like, minChannels: 4 };
  const recipe = { epochs };
  const study = { designs, resolution, recipe, trainImages: Math.min(TRAIN_IMAGES, raw.train.count) };
  const first = searchOn(resolveSearchStudy(study), raw).spec.designs.slice(0, DESIGNS);
  const few = { ...study, designs: first.map(({ channels }) => channels), seeds: SEEDS };
  const { spec, data } = searchOn(resolveSearchStudy(few), raw);
  const backend = await useBackend('auto');
  await runSearch(spec, data, { out, engine: 'kernels', backend, resume: true, signal });
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  const wanted = settings.filter(({ data }) => datasets[data] !== undefined).slice(0, sizes['settings']);
  if (wanted.length === 0 && !existsSync(run))
    throw new RangeError('missing flags: --data PATH, --fashion PATH or both');
  await mkdir(run, { recursive: true });
  for (const setting of wanted) {
    const name = nameOf(setting);
    const begun = Date.now();
    await train(setting, join(run, name), stop.signal);
    if (stop.signal.aborted) return;
    console.log(`${name}: ${((Date.now() - begun) / 60_000).toFixed(1)} min`);
  }
  const lines: string[][] = [head];
  const finished: SearchAnalysis['components'][] = [];
  for (const setting of settings) {
    const folder = join(run, nameOf(setting));
    if (!existsSync(join(folder, 'run.json'))) continue;
    const { rows, done, total } = await readSearch(folder);
    if (done === 0) continue;
    // less the effects of seeds, which move all designs alike
    const components = done < total ? undefined : analyseSearch(rows).components;
    if (components) finished.push(components);
    lines.push(lineOf(setting, rows, total, components));
  }
  const csv = `${lines.map((cells) => cells.join(',')).join('\n')}\n`;
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'pilot.csv'), csv);
  process.stdout.write(csv);
  for (const outcome of ['testAccuracy', 'testLoss'] as const) {
    const pooled = pooledReliability(finished.flatMap((one) => one[outcome] ?? []));
    if (!pooled) continue;
    const [low, high] = pooled.interval.map((x) => x.toFixed(3));
    const common = `${pooled.reliability.toFixed(3)} (${low} to ${high})`;
    console.log(`${outcome}: reliability common to ${finished.length} settings ${common}`);
  }
}

const head = [
  ...['data', 'resolution', 'like', 'epochs', 'networks', 'of', 'accuracy', 'seed_deviation'],
  ...['reliability', 'low', 'high', 'p', 'loss_reliability', 'loss_low', 'loss_high'],
  ...['core_hours', 'reliability_per_core_hour'],
];

/** A setting's line: of accuracy and loss the reliability of one network, with its 95% interval; hours of training steps. */
function lineOf(
  { data, resolution, like, epochs }: Setting,
  rows: readonly SearchRow[],
  total: number,
  components: SearchAnalysis['components'] | undefined,
): string[] {
  const [accuracy, loss] = [components?.testAccuracy, components?.testLoss];
  const mean = rows.reduce((sum, { testAccuracy }) => sum + testAccuracy, 0) / rows.length;
  // at the speed of the network that other work on the machine disturbed least
  const images = rows.reduce((sum, row) => sum + row.seconds * row.imagesPerSecond, 0);
  const hours = images / Math.max(...rows.map(({ imagesPerSecond }) => imagesPerSecond)) / 3600;
  const reliabilities = [accuracy, loss].flatMap((found, i) => [
    ...[found?.reliability, ...(found?.interval ?? [undefined, undefined])].map((x) => x?.toFixed(3) ?? ''),
    ...(i === 0 ? [found?.p.toFixed(4) ?? ''] : []),
  ]);
  return [
    ...[
      data,
      String(resolution),
      likes[like],
      String(epochs),
      String(rows.length),
      String(total),
      mean.toFixed(4),
    ],
    accuracy ? Math.sqrt(accuracy.within).toFixed(5) : '',
    ...reliabilities,
    hours.toFixed(4),
    accuracy ? (accuracy.reliability / hours).toFixed(2) : '',
  ];
}

void main();
