/**
 * Which of the paper's conclusions are about layers, and which about how a rank is counted? Each claim becomes
 * differences of mean rank ratios that are positive where it holds (src/claims/paper-claims.ts), and each difference is
 * estimated, with an interval, under twelve protocols and by eleven ways to measure a rank.
 *
 *     npx tsx experiments/claims.ts [--layers 40] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/claims: a run for each protocol in a folder of its own, and the figure `claims` with every estimate,
 * interval, p-value and verdict in claims.csv; and the tables of docs/claims.md. Another number of layers is written to
 * runs/, unless --out is given, and leaves the tables alone.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import {
  claimRatios,
  collectLayers,
  paperClaims,
  readRows,
  readTable,
  runStudy,
  testClaims,
  writeTable,
  type ClaimResult,
  type ClaimSetting,
  type ProtocolInput,
  type StudyInput,
} from 'rankscope';
import { withTables } from './claims-table';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, isFull, out } = experimentArguments({ name: 'claims', full: { layers: 40 } });

const study: StudyInput = {
  blocks: ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'],
  activations: ['linear', 'relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'],
  ratios: claimRatios,
  layers: sizes.layers,
  // not the seed of the other figures: what was seen there is asked of new layers
  seed: 1,
};

// narrow layers, and many of them: intervals that hold for all tests at once need layers; one row has wider ones
const channels = '64:128';

// the two protocols, and each of the choices that part them or that the paper leaves open, changed one at a time
const protocols: Readonly<Record<string, Exclude<ProtocolInput, string>>> = {
  paper: { preset: 'fitted' },
  'normal inputs': { preset: 'fitted', inputs: 'normal' },
  'batch statistics': { preset: 'fitted', normalization: 'batch' },
  'no bias': { preset: 'fitted', bias: 'none' },
  'scale 1': { preset: 'fitted', normalizationScale: 'one' },
  'N = 4 d_out': { preset: 'fitted', samples: '4x' },
  '7 × 7 pixels': { preset: 'fitted', spatial: 7 },
  'expansion 6': { preset: 'fitted', expansion: 6 },
  'd_out 128 to 256': { preset: 'fitted', channels: '128:256' },
  standard: { preset: 'standard' },
  'std., N = 4 d_out': { preset: 'standard', samples: '4x' },
  'std., expansion 6': { preset: 'standard', expansion: 6 },
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
      { ...study, protocol: { channels, ...protocol, tolerances } },
      { out: folder, overwrite: true },
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
