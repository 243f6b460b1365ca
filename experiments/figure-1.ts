/**
 * Figure 1 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021), a first version:
 * how much of its width does a random layer use, for four blocks, eight nonlinearities and ten dimension ratios?
 *
 *     npx ts-node experiments/figure-1.ts [LAYERS]     (or npx tsx)
 *
 * Writes figures/figure-1/: the figure as curve.svg, .png, .pdf and .html, its summary, and the manifest with every
 * choice made. The same study from the command line: `npm start`.
 */
import { drawRun, runStudy, type StudyInput } from 'rankscope';

const study: StudyInput = {
  // the grid: one panel a block, one line a nonlinearity, one point a ratio
  blocks: ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'],
  activations: ['linear', 'relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'],
  ratios: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],

  // the paper averages 1,000 layers at each point
  layers: Number(process.argv[2] ?? 20),
  seed: 0,
};

async function main(): Promise<void> {
  const run = await runStudy(study, { out: 'figures/figure-1', overwrite: true });
  for (const path of await drawRun(run.folder)) console.log(path);

  // What to look at first: where the linear layer uses a tenth of its width, a nonlinearity uses nearly all of it.
  for (const { block, activation, rankRatioMean } of run.summary.filter(
    (row) => row.dimensionRatio === 0.1,
  )) {
    console.log(`${block.padEnd(20)}${activation.padEnd(12)}${rankRatioMean.toFixed(3)}`);
  }
}

void main();
