/**
 * How do the singular values of a layer's features fall? A rank says how many are left above a tolerance; the
 * spectrum says whether that tolerance cuts through a cliff or a slope.
 *
 *     npx tsx experiments/spectra.ts [--layers 20] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/spectra/fitted and figures/spectra/standard, one run per protocol: a figure per block with its data, and the
 * run; another number of layers in runs/, unless --out is given. The same from the command line:
 * `npx rankscope spectrum --channels 128:128 --protocol standard`.
 */
import {
  protocolPresetNames,
  ranksOfSpectrum,
  readCumulativePoints,
  readRows,
  readSpectrumPoints,
  readThresholds,
  runStudy,
  type StudyInput,
} from 'rankscope';
import { spectrumFigure, writeFigure } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'spectra', full: { layers: 20 } });

const study = {
  blocks: ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'],
  activations: ['linear', 'relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'],
  ratios: [0.1, 0.5, 1],
  layers: sizes.layers,
  seed: 0,
  // every spectrum is kept: any question about a tolerance can be asked later, of the same layers
  spectra: true,
} satisfies StudyInput;

// all layers equally wide, so that the same place along the spectrum means the same singular value
const channels = '128:128';

async function main(): Promise<void> {
  for (const preset of protocolPresetNames) {
    const run = await runStudy(
      { ...study, protocol: { preset, channels } },
      { out: `${out}/${preset}`, overwrite: true },
    );
    await writeBlocks(run.folder);
    for (const path of await drawFolder(`spectra/${preset}`, run.folder)) console.log(path);
    await countAtTwo(run.folder, run.manifest.study.layers);
  }
}

/** Writes the data of each block's figure beside the run. */
async function writeBlocks(folder: string): Promise<void> {
  const points = await readSpectrumPoints(folder);
  const shares = await readCumulativePoints(folder);
  const tolerances = await readThresholds(folder);
  for (const block of study.blocks) {
    const ofBlock = (point: { readonly block: string }) => point.block === block;
    const figure = spectrumFigure(points.filter(ofBlock), shares.filter(ofBlock), { tolerances });
    await writeFigure(figure, `${folder}/${block}`, [], { data: 'beside' });
  }
}

/** A cliff or a slope? Counts the same spectra at two tolerances, to see how much of the rank depends on them. */
async function countAtTwo(folder: string, layers: number): Promise<void> {
  const counted = new Map<string, number[]>();
  for await (const rows of readRows(folder)) {
    for (const { block, activation, dimensionRatio, channels, columns, spectrum } of rows) {
      if (dimensionRatio !== 0.1 || !spectrum) continue;
      const shape = { rows: channels, columns, dtype: 'float32' } as const;
      const ratios = ranksOfSpectrum(spectrum, shape, ['numpy', 'relative:0.01']).map(
        ({ rankRatio }) => rankRatio,
      );
      const sums = counted.get(`${block} ${activation}`) ?? [0, 0];
      counted.set(
        `${block} ${activation}`,
        sums.map((sum, i) => sum + ratios[i]! / layers),
      );
    }
  }
  console.log('\nmean rank ratio at dimension ratio 0.1             numpy   relative:0.01');
  for (const [name, means] of counted) {
    console.log(`${name.padEnd(45)}${means.map((mean) => mean.toFixed(3).padStart(12)).join('')}`);
  }
}

void main();
