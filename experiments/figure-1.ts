/**
 * Figure 1 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021). How much of its width
 * does a random layer use, for four blocks, eight activations and ten dimension ratios?
 *
 *     npx ts-node experiments/figure-1.ts [--layers 20] [--out FOLDER]     (or npx tsx)
 *     npx ts-node experiments/figure-1.ts --full       (1,000 layers per point, as in the paper: half an hour on two cores)
 *
 * Measures in runs/figure-1-LAYERS and draws the figure there. An interrupted run continues. Prints how far each panel
 * is from the published one. With --full, or --out FOLDER, figure, summary and manifest are copied to figures/figure-1,
 * or FOLDER. If that folder holds the same study, nothing is copied. Then it prints `identical` if the summary is the
 * same to the last digit, else the points that differ.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readManifest, runStudy, type Run, type StudyInput } from 'rankscope';
import { drawRun } from 'rankscope/figures';
import { figure1Errors } from 'rankscope/paper';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({
  name: 'figure-1',
  full: { layers: 1000 },
  usual: { layers: 20 },
});

const study: StudyInput = {
  // the grid: one panel a block, one line per activation, one point a ratio
  blocks: ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'],
  activations: ['linear', 'relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'],
  ratios: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],

  // everything the paper does not say, as found by figure-1-protocol.ts (docs/figure-1.md)
  protocol: 'fitted',

  // the paper averages 1,000 layers at each point
  layers: sizes.layers,
  seed: 0,

  // the figure needs ranks alone, and those take less time than spectra
  metrics: false,
};

async function main(): Promise<void> {
  const run = await runStudy(study, { out: `runs/figure-1-${sizes.layers}`, resume: true });

  console.log(
    'panel                 error  mean difference  skill (error: root mean square over the printed points;\n' +
      'skill: 1 - its square over that of an oracle that ignores the activation)',
  );
  for (const { block, rmse, bias, skill } of figure1Errors(run.summary))
    console.log(
      `${block.padEnd(20)} ${rmse.toFixed(4)}  ${bias.toFixed(4).padStart(15)}  ${(skill ?? NaN).toFixed(2).padStart(5)}`,
    );

  const elsewhere = resolve(out) !== resolve(run.folder);
  if (elsewhere && (await keepsSameStudy(run))) return compare(run);
  const paths = await drawRun(run.folder);
  if (elsewhere) {
    mkdirSync(out, { recursive: true });
    for (const name of readdirSync(run.folder).filter((name) => !/^(rows.parquet|ranks.csv)$/.test(name)))
      copyFileSync(join(run.folder, name), join(out, name));
    await drawFolder('figure-1', out);
  }
  console.log(`${paths.length} files of the figure, summary.csv and run.json are in ${out}`);
}

async function keepsSameStudy({ manifest }: Run): Promise<boolean> {
  if (!existsSync(join(out, 'run.json'))) return false;
  const { study, state } = await readManifest(out);
  return state === 'complete' && JSON.stringify(study) === JSON.stringify(manifest.study);
}

function compare(run: Run): void {
  const [ours, kept] = [run.folder, out].map((folder) =>
    readFileSync(join(folder, 'summary.csv'), 'utf8').split('\n'),
  ) as [string[], string[]];
  const different = ours.filter((line, i) => line !== kept[i]);
  console.log(different.length === 0 ? 'identical' : `not identical in ${different.length} points:`);
  for (const line of different) console.log(line);
  if (different.length > 0) process.exitCode = 1;
}

void main();
