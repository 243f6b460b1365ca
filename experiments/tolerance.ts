/**
 * What does the rank ratio of a layer rest on: the layer, or the tolerance its rank is counted with? Every spectrum
 * is kept and counted at 23 tolerances, from 1e-8 to 0.5 of the largest singular value and by the rules that add
 * singular values up; and the same question is asked without a tolerance, of the effective rank, the participation
 * ratio and the stable rank.
 *
 *     npx tsx experiments/tolerance.ts [--layers 8] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/tolerance: a run for each protocol in a folder of its own (its spectra in rows.parquet), and the
 * figures `tolerance-...` and `metrics-...` with their data. Another number of layers is written to runs/, unless --out is
 * given.
 */
import {
  protocolPresetNames,
  runStudy,
  summariseAtTolerances,
  summariseMetrics,
  writeTable,
  type StudyInput,
} from 'rankscope';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'tolerance', full: { layers: 8 } });

const study: StudyInput = {
  blocks: ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'],
  activations: ['linear', 'relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'],
  ratios: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  layers: sizes.layers,
  seed: 0,
  // each spectrum in full: what lies 1e-8 below the largest has to be right too
  spectra: true,
};

// half as wide as the preset at most: a mean over random expansions needs many layers more than it needs wide ones
const channels = '64:256';

// two a decade; features are float32, so below 1e-7 or so it is their rounding that is counted
const relative = [
  '1e-8', '3e-8', '1e-7', '3e-7', '1e-6', '3e-6', '1e-5', '3e-5', '1e-4', '3e-4', '0.001', '0.003', '0.01',
  '0.03', '0.1', '0.3', '0.5',
].map((r) => `relative:${Number(r)}`); // prettier-ignore
const rules = ['numpy', 'energy:0.9999', 'energy:0.999', 'energy:0.99', 'energy:0.9', 'srank:0.01'];

async function main(): Promise<void> {
  for (const name of protocolPresetNames) {
    const run = await runStudy(
      { ...study, protocol: { preset: name, channels } },
      { out: `${out}/${name}`, overwrite: true },
    );
    const points = await summariseAtTolerances(run.folder, [...relative, ...rules]);
    await writeTable(`${out}/tolerance-${name}.csv`, points.map(asDrawn), 4);
    await writeTable(`${out}/metrics-${name}.csv`, await summariseMetrics(run.folder), 5);

    // What to look at first: at one dimension ratio, how far the tolerance alone moves a ReLU layer.
    const relu = points.filter(
      (point) => point.block === 'pointwise' && point.activation === 'relu' && point.dimensionRatio === 0.1,
    );
    console.log(`\n${name} protocol, pointwise, ReLU, dimension ratio 0.1`);
    for (const { tolerance, rankRatioMean } of relu) {
      console.log(`${tolerance.padEnd(18)}${rankRatioMean.toFixed(3)}`);
    }
  }
  for (const path of await drawFolder('tolerance', out)) console.log(path);
}

/** The columns that the figure draws: 7,000 lines need no more. */
function asDrawn(point: Awaited<ReturnType<typeof summariseAtTolerances>>[number]) {
  const { block, activation, dimensionRatio, tolerance, layers, rankRatioMean } = point;
  return { block, activation, dimensionRatio, tolerance, layers, rankRatioMean };
}

void main();
