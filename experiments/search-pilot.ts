/**
 * The pilot of the search: which setting tells designs of one budget apart for the fewest core hours? Each setting trains
 * five designs of a search with four seeds each, and its reliability is the share of the variance that is the designs'.
 *
 *     npx tsx experiments/search-pilot.ts --data cifar-10-batches-bin --fashion /usr/share/datasets/fashion-mnist
 *
 * Settings are run from the cheapest to the dearest, `--settings 4` the first four, `--only fashion-28-M-5,cifar-32-L-5`
 * those two. Ctrl-C keeps what is done in `--run FOLDER` (runs/search-pilot), the same command continues; settings whose
 * data is not named are left out. Each setting is a row of `pilot.csv` in figures/search, which keeps the rows of settings that
 * were run before; with fewer settings the file is in runs/, unless --out is given. Without data nothing is trained, and
 * what is there is written. All settings take about 55 core hours.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTable, useBackend, writeTable } from 'rankscope';
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
} from 'rankscope/networks';
import { experimentArguments } from './experiment-arguments';

const { sizes, texts, out } = experimentArguments({
  name: 'search',
  full: { settings: 36 },
  texts: ['data', 'fashion', 'run', 'only'],
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

/** The settings that were asked for and whose data is named. */
function wantedSettings(): Setting[] {
  const only = texts['only']?.split(',') ?? settings.slice(0, sizes['settings']).map(nameOf);
  const unknown = only.find((name) => !settings.some((setting) => nameOf(setting) === name));
  if (unknown !== undefined)
    throw new RangeError(`invalid only: ${unknown} (allowed: ${settings.map(nameOf).join(', ')})`);
  return settings.filter((setting) => datasets[setting.data] !== undefined && only.includes(nameOf(setting)));
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  const wanted = wantedSettings();
  if (wanted.length === 0 && !existsSync(run))
    throw new RangeError('missing flags: --data PATH, --fashion PATH or both');
  await mkdir(run, { recursive: true });
  for (const setting of wanted) {
    const begun = Date.now();
    await train(setting, join(run, nameOf(setting)), stop.signal);
    if (stop.signal.aborted) return;
    console.log(`${nameOf(setting)}: ${((Date.now() - begun) / 60_000).toFixed(1)} min`);
  }
  const kept = join(out, 'pilot.csv');
  const before = existsSync(kept) ? await readTable<PilotRow>(kept) : [];
  const found = await Promise.all(settings.map((setting) => pilotRow(setting, join(run, nameOf(setting)))));
  const rows = settings.flatMap((setting, i) => {
    const row = found[i] ?? before.find((row) => nameOf(settingOf(row)) === nameOf(setting));
    return row ? [row] : [];
  });
  await mkdir(out, { recursive: true });
  await writeTable(kept, rows, 4);
  for (const { reliability, low, high, networks, of, ...row } of rows) {
    const found =
      reliability === null ? `${networks} of ${of} networks` : intervalText(reliability, low!, high!);
    console.log(`${nameOf(settingOf(row))}: ${found}`);
  }
  report('testAccuracy', rows, ({ f }) => f);
  report('testLoss', rows, ({ lossF }) => lossF);
}

/** A row of `pilot.csv`: of accuracy and loss the reliability of one network with its 95% interval. */
interface PilotRow {
  readonly data: keyof typeof datasets;
  readonly resolution: number;
  readonly like: string;
  readonly epochs: number;
  /** Networks that are trained, of so many. */
  readonly networks: number;
  readonly of: number;
  readonly accuracy: number;
  readonly seedDeviation: number | null;
  readonly reliability: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
  /** Mean square between designs over that within them, of accuracy and of loss. */
  readonly f: number | null;
  readonly lossReliability: number | null;
  readonly lossLow: number | null;
  readonly lossHigh: number | null;
  readonly lossF: number | null;
  /** Of training steps. */
  readonly coreHours: number;
  readonly reliabilityPerCoreHour: number | null;
}

const settingOf = ({
  data,
  resolution,
  like,
  epochs,
}: Pick<PilotRow, 'data' | 'resolution' | 'like' | 'epochs'>): Setting => ({
  ...{ data, resolution, epochs },
  like: (['S', 'M', 'L'] as const).find((size) => likes[size] === like)!,
});

/** Returns the row of a setting, or undefined if none of its networks is trained. */
async function pilotRow(
  { data, resolution, like, epochs }: Setting,
  folder: string,
): Promise<PilotRow | undefined> {
  if (!existsSync(join(folder, 'run.json'))) return undefined;
  const { rows, done, total } = await readSearch(folder);
  if (done === 0) return undefined;
  // less the effects of seeds, which move all designs alike
  const components = done < total ? undefined : analyseSearch(rows).components;
  const [accuracy, loss] = [components?.testAccuracy, components?.testLoss];
  // at the speed of the network that other work on the machine disturbed least
  const images = rows.reduce((sum, row) => sum + row.seconds * row.imagesPerSecond, 0);
  const coreHours = images / Math.max(...rows.map(({ imagesPerSecond }) => imagesPerSecond)) / 3600;
  return {
    ...{ data, resolution, like: likes[like], epochs, networks: done, of: total },
    accuracy: rows.reduce((sum, { testAccuracy }) => sum + testAccuracy, 0) / rows.length,
    seedDeviation: accuracy ? Math.sqrt(accuracy.within) : null,
    reliability: accuracy?.reliability ?? null,
    low: accuracy?.interval[0] ?? null,
    high: accuracy?.interval[1] ?? null,
    p: accuracy?.p ?? null,
    f: accuracy?.f.ratio ?? null,
    lossReliability: loss?.reliability ?? null,
    lossLow: loss?.interval[0] ?? null,
    lossHigh: loss?.interval[1] ?? null,
    lossF: loss?.f.ratio ?? null,
    coreHours,
    reliabilityPerCoreHour: accuracy ? accuracy.reliability / coreHours : null,
  };
}

/** Prints the reliability that all settings have in common. */
function report(outcome: string, rows: readonly PilotRow[], ratioOf: (row: PilotRow) => number | null): void {
  // of each seed, its effect on all designs is subtracted
  const degreesOfFreedom = [DESIGNS - 1, (DESIGNS - 1) * (SEEDS - 1)] as const;
  const parts = rows.flatMap((row) => {
    const ratio = ratioOf(row);
    return ratio === null ? [] : [{ f: { ratio, size: SEEDS, degreesOfFreedom } }];
  });
  const pooled = pooledReliability(parts);
  if (!pooled) return;
  const common = intervalText(pooled.reliability, ...pooled.interval);
  console.log(`${outcome}: reliability common to ${parts.length} settings: ${common}`);
}

const intervalText = (value: number, low: number, high: number) =>
  `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

void main();
