/**
 * Does rank predict accuracy? From searches that were kept: ranks before and after training against the accuracy of designs,
 * within each search of 20 designs or more and across all of them, given parameters and MACs.
 *
 *     npx tsx experiments/rank-and-accuracy.ts --searches runs/search/first,runs/budgets/1,runs/budgets/2,runs/budgets/3
 *
 * The searches must have the same images and epochs. Writes figures/rank-and-accuracy: `designs.csv` and the figure of it,
 * `correlations.csv` with 95% intervals, `settings.json`; --out FOLDER is another place. Takes seconds: nothing is trained.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { writeTable } from 'rankscope';
import {
  analyseSearch,
  designMeans,
  partialCorrelation,
  readSearch,
  type KeptSearch,
} from 'rankscope/networks';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { texts, out } = experimentArguments({
  name: 'rank-and-accuracy',
  texts: ['searches'],
});

const places = ['stem', 'output', 'head'] as const;
const ranks = (['Before', 'After'] as const).flatMap((when) =>
  places.flatMap((place) => [`${place}Effective${when}` as const, `${place}Rank${when}` as const]),
);
/** Designs of a search that is asked by itself. */
const FEWEST = 20;

/** Returns the rows of seeds that all designs have: others would tell designs apart by their seeds. */
function rowsOfCommonSeeds({ rows }: KeptSearch) {
  const designs = new Set(rows.map(({ design }) => design)).size;
  const ofSeed = (seed: number) => rows.filter((row) => row.seed === seed);
  return rows.filter(({ seed }) => ofSeed(seed).length === designs);
}

/** A design of a search: the means over its seeds. */
function designsOf(search: string, kept: KeptSearch) {
  return designMeans(rowsOfCommonSeeds(kept)).map((mean) => ({
    ...{ search, design: mean.design, channels: mean.channels.join('-'), seeds: mean.rows.length },
    ...{ params: mean.params, macs: mean.macs, evenness: mean.evenness, lastWidth: mean.lastWidth },
    ...{ accuracy: mean.testAccuracy, loss: mean.testLoss },
    ...(Object.fromEntries(ranks.map((rank) => [rank, mean[rank]])) as Record<
      (typeof ranks)[number],
      number | null
    >),
  }));
}
type Design = ReturnType<typeof designsOf>[number];

/**
 * Returns the correlation of each rank with accuracy: plain, given cost, and given the last width too. The correlation
 * with the loss is given cost.
 */
function correlationsOf(search: string, designs: readonly Design[]) {
  const costs = [designs.map(({ params }) => Math.log(params)), designs.map(({ macs }) => Math.log(macs))];
  return ranks.flatMap((rank) => {
    const values = designs.map((design) => design[rank]);
    if (values.includes(null)) return [];
    const of = (outcome: 'accuracy' | 'loss', given: readonly (readonly number[])[]) =>
      partialCorrelation(
        values as number[],
        designs.map((design) => design[outcome]),
        given,
      );
    const [plain, givenCost, ofLoss] = [of('accuracy', []), of('accuracy', costs), of('loss', costs)];
    // the head's rank follows the width of the last block
    const givenLast = of('accuracy', [...costs, designs.map((design) => design.lastWidth)]);
    return [
      {
        ...{ search, rank, n: designs.length, plain: plain?.value ?? null },
        ...{ plainLow: plain?.interval[0] ?? null, plainHigh: plain?.interval[1] ?? null },
        ...{ givenCost: givenCost?.value ?? null, low: givenCost?.interval[0] ?? null },
        ...{ high: givenCost?.interval[1] ?? null, p: givenCost?.p ?? null },
        ...{ lossGivenCost: ofLoss?.value ?? null, lossLow: ofLoss?.interval[0] ?? null },
        lossHigh: ofLoss?.interval[1] ?? null,
        ...{ givenLastWidth: givenLast?.value ?? null, lastLow: givenLast?.interval[0] ?? null },
        lastHigh: givenLast?.interval[1] ?? null,
      },
    ];
  });
}

/** Returns what the rule of docs/search.md says of each rank: Kendall's tau, after Holm's correction for all proxies. */
function verdictsOf(kept: KeptSearch) {
  const { proxies } = analyseSearch(rowsOfCommonSeeds(kept));
  const { detectable, components } = analyseSearch(kept.rows);
  const tau = new Map(
    proxies.map(({ proxy, value, interval, adjusted, verdict }) => {
      return [proxy, { tau: value, tauLow: interval[0], tauHigh: interval[1], adjusted, verdict }] as const;
    }),
  );
  return { tau, detectable, reliability: components.testAccuracy };
}

async function main(): Promise<void> {
  const folders = texts['searches']?.split(',') ?? [];
  if (folders.length === 0)
    throw new RangeError('missing flag: --searches FOLDER,... (see the beginning of this file)');
  const kept = await Promise.all(
    folders.map(async (folder) => ({ folder, search: await readSearch(folder) })),
  );
  const settings = new Set(
    kept.map(({ search: { data, spec } }) =>
      JSON.stringify([data.sha256, spec.resolution, spec.data.trainImages, { ...spec.recipe, seed: 0 }]),
    ),
  );
  if (settings.size > 1)
    throw new RangeError('the searches differ in images or recipe: their accuracies do not compare');
  const named = kept.map(({ folder, search }) => {
    const macs = designMeans(search.rows)[0]!.macs / 1e6;
    return { folder, search, name: `${search.spec.designs.length} designs of ${macs.toFixed(1)}M MACs` };
  });
  const designs = named.flatMap(({ name, search }) => designsOf(name, search));
  const large = named.filter(({ search }) => designMeans(search.rows).length >= FEWEST);
  const within = large.flatMap(({ name, search }) => {
    const { tau, detectable, reliability } = verdictsOf(search);
    console.log(
      `${name}: ${search.done} of ${search.total} networks; smallest correlation found with power 0.8: ` +
        `${detectable === null || detectable === Infinity ? 'unknown' : detectable.toFixed(2)}; reliability ${reliability?.reliability.toFixed(2) ?? 'unknown'} ` +
        `(${reliability?.interval.map((x) => x.toFixed(2)).join(' to ') ?? ''})`,
    );
    const own = designs.filter((design) => design.search === name);
    const none = { tau: null, tauLow: null, tauHigh: null, adjusted: null, verdict: null };
    return correlationsOf(name, own).map((row) => ({ ...row, ...(tau.get(row.rank) ?? none) }));
  });
  const none = { tau: null, tauLow: null, tauHigh: null, adjusted: null, verdict: null };
  const across = correlationsOf('all', designs).map((row) => ({ ...row, ...none }));
  const rows = [...within, ...across];
  await writeTable(`${out}/designs.csv`, designs, 6);
  await writeTable(`${out}/correlations.csv`, rows, 4);
  const manifests = await Promise.all(
    named.map(async ({ name, folder, search }) => {
      const manifest = JSON.parse(await readFile(`${folder}/run.json`, 'utf8')) as Record<string, unknown>;
      const { designs: _, ...spec } = search.spec;
      const counts = { done: search.done, total: search.total, diverged: search.diverged.length };
      const { engine, backend, versions } = manifest;
      const images = { sha256: search.data.sha256 };
      return { search: name, networks: counts, spec, images, engine, backend, versions };
    }),
  );
  await writeFile(`${out}/settings.json`, `${JSON.stringify({ searches: manifests }, null, 1)}\n`);
  const number = (value: number | null) => value?.toFixed(2) ?? '-';
  for (const row of rows)
    console.log(
      `${row.search}, ${row.rank}: given cost ${number(row.givenCost)} (${number(row.low)} to ${number(row.high)}), ` +
        `the last width too ${number(row.givenLastWidth)} (${number(row.lastLow)} to ${number(row.lastHigh)}), ` +
        `loss ${number(row.lossGivenCost)} (${number(row.lossLow)} to ${number(row.lossHigh)})` +
        (row.tau === null
          ? ''
          : `; tau ${number(row.tau)} (${number(row.tauLow)} to ${number(row.tauHigh)}), Holm p ${row.adjusted?.toPrecision(2)}: ${row.verdict}`),
    );
  for (const file of await drawFolder('rank-and-accuracy', out)) console.log(file);
}

void main();
