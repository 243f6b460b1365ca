/**
 * Which of the paper's conclusions are about layers, and which about how a rank is counted? Each claim becomes
 * differences of mean rank ratios that are positive where it holds (src/claims/paper-claims.ts), and each difference is
 * estimated, with an interval, under eleven protocols and by eleven methods to measure a rank.
 *
 *     npx tsx experiments/claims.ts [--layers 400] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/claims: a run for each protocol in a folder of its own, and the figure `claims` with every estimate,
 * interval, p-value and verdict in claims.csv; and the tables of docs/claims.md. Another number of layers is written to
 * runs/, unless --out is given, and leaves the tables alone.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { readRows, readTable, runStudy, writeTable, type ProtocolInput, type StudyInput } from 'rankscope';
import {
  claimRatios,
  collectLayers,
  paperClaims,
  testClaims,
  type ClaimResult,
  type ClaimSetting,
} from 'rankscope/paper';
import { withTables } from './claims-table';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, isFull, out } = experimentArguments({ name: 'claims', full: { layers: 400 } });

const study: StudyInput = {
  blocks: ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'],
  activations: ['linear', 'relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'],
  ratios: claimRatios,
  layers: sizes.layers,
  // not the seed of the other figures: what was seen there is asked of new layers
  seed: 1,
};

// narrow layers, and many of them: intervals that hold for all tests at once need layers
const channels = '64:128';

// the two protocols, and each of the choices that part them or that the paper leaves open, changed one at a time
const protocols: Readonly<Record<string, Exclude<ProtocolInput, string>>> = {
  standard: { preset: 'standard' },
  'std., N = 1.2 d_out': { preset: 'standard', samples: '1.2x' },
  'std., uniform scale': { preset: 'standard', normalizationScale: 'uniform' },
  'std., random shift': { preset: 'standard', normalizationShift: 'normal' },
  'std., expansion 0 to 5': { preset: 'standard', expansion: '0:5' },
  'std., centred': { preset: 'standard', center: true },
  fitted: { preset: 'fitted' },
  'fit., normal inputs': { preset: 'fitted', inputs: 'normal' },
  'fit., batch statistics': { preset: 'fitted', normalization: 'batch' },
  'fit., no bias': { preset: 'fitted', bias: 'none' },
  'fit., scale 1': { preset: 'fitted', normalizationScale: 'one' },
};

const tolerances = [
  'numpy',
  'relative:0.001',
  'relative:0.003',
  'relative:0.01',
  'relative:0.03',
  'relative:0.1',
  'energy:0.999',
  'energy:0.99',
  'srank:0.01',
];
const metrics = ['effectiveRank', 'participationRatio'] as const;

async function main(): Promise<void> {
  const settings: ClaimSetting[] = [];
  for (const [name, protocol] of Object.entries(protocols)) {
    const folder = `${out}/${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
    const { manifest } = await runStudy(
      { ...study, protocol: { ...protocol, channels, tolerances } },
      { out: folder, resume: true },
    );
    const layers = collectLayers(manifest.study.protocol, metrics);
    for await (const rows of readRows(folder)) layers.add(rows);
    for (const [measure, groups] of layers.result()) settings.push({ protocol: name, measure, groups });
    console.log(`${name}: ${manifest.times.seconds.toFixed(0)} s`);
  }
  const results = testClaims(paperClaims, settings);
  await writeTable(`${out}/claims.csv`, results, 4);
  for (const path of await drawFolder('claims', out)) console.log(path);
  if (isFull && out === 'figures/claims') await writeTables();

  // What to look at first: in how many of the cells does each claim hold?
  console.log(`\n${results.length} tests\n${''.padEnd(16)}holds  reversed  no difference  open`);
  for (const { name } of paperClaims) {
    const own = results.filter(({ claim }) => claim === name);
    const count = (verdict: string) => String(own.filter((result) => result.verdict === verdict).length);
    console.log(
      `${name.padEnd(16)}${count('holds').padStart(5)}${count('reversed').padStart(10)}` +
        `${count('same').padStart(15)}${count('open').padStart(6)}`,
    );
  }
}

async function writeTables(): Promise<void> {
  const page = 'docs/claims.md';
  // as rounded in the table that is kept
  const kept = await readTable<ClaimResult>(`${out}/claims.csv`);
  const written = withTables(await readFile(page, 'utf8'), kept);
  await writeFile(page, await format(written, { ...(await resolveConfig(page)), parser: 'markdown' }));
}

void main();
