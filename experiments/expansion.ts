/**
 * Where in an inverted bottleneck is rank gained, and where is it lost? Every place in the block is measured, for
 * expansion ratios from 1 to 10 and five dimension ratios: after the expansion, after the spatial convolution, after
 * the projection, and at the output. The paper's advice is an expansion ratio of 6 at most.
 *
 *     npx tsx experiments/expansion.ts [--layers 6] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/expansion: a run for each protocol and expansion ratio, and the figures `path-...` and `share-...`
 * with their data, expansion-....csv. Another number of layers is written to runs/, unless --out is given.
 */
import {
  drawSizes,
  protocolPresetNames,
  runStudy,
  writeTable,
  type BlockName,
  type StudyInput,
  type Tap,
} from 'rankscope';
import type { ExpansionPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'expansion', full: { layers: 6 } });

const study: StudyInput = {
  blocks: ['inverted-conv3x3', 'inverted-depthwise'],
  // what MobileNetV2 has, and what the paper puts in its place
  activations: ['relu6', 'silu'],
  ratios: [0.1, 0.2, 0.3, 0.5, 0.8],
  taps: ['expand', 'spatial', 'project', 'output'],
  layers: sizes.layers,
  seed: 3,
  metrics: false,
};
const expansions = [1, 2, 3, 4, 5, 6, 8, 10];

const choices = {
  // one width, so that what differs is the shape of the block alone
  channels: '64:64',
  // more samples than the widest hidden layer has channels: with N = d_out + 1 it is N that the expansion runs into
  samples: '9x',
  tolerances: ['numpy', 'relative:0.01'],
};

async function main(): Promise<void> {
  for (const preset of protocolPresetNames) {
    const points: ExpansionPoint[] = [];
    for (const expansion of expansions) {
      const { manifest, summary } = await runStudy(
        { ...study, protocol: { preset, ...choices, expansion } },
        { out: `${out}/${preset}-${expansion}`, overwrite: true },
      );
      const { protocol, seed } = manifest.study;
      for (const row of summary) {
        const { activation, tolerance, dimensionRatio, layers, rankRatioMean, ci95Low, ci95High } = row;
        const block = row.block as BlockName;
        const { dIn, dOut, hidden } = drawSizes({ seed, block, dimensionRatio, index: 0 }, protocol);
        const channels = (row.tap as Tap) === 'expand' || row.tap === 'spatial' ? hidden : dOut;
        const at = { block, activation, tolerance, expansion, dimensionRatio, layers };
        const rank = { rankRatio: rankRatioMean, ci95Low, ci95High };
        points.push({ ...at, tap: row.tap, ...rank, perInput: (rankRatioMean * channels) / dIn });
        if (row.tap === 'expand') {
          // the input of random numbers has full rank
          points.push({ ...at, tap: 'input', rankRatio: 1, ci95Low: 1, ci95High: 1, perInput: 1 });
        }
      }
    }
    await writeTable(`${out}/expansion-${preset}.csv`, points, 4);

    // What to look at first: from which expansion ratio on does the output gain less than 0.01 of its width?
    console.log(`\n${preset} protocol, output rank ratio by expansion ratio ${expansions.join(', ')}`);
    for (const block of study.blocks!)
      for (const tolerance of choices.tolerances)
        for (const dimensionRatio of study.ratios!) {
          const line = points.filter(
            (point) =>
              point.block === block && point.tolerance === tolerance && point.activation === 'silu' &&
              point.dimensionRatio === dimensionRatio && point.tap === 'output', // prettier-ignore
          );
          const values = line.map(({ rankRatio }) => rankRatio.toFixed(2)).join(' ');
          console.log(
            `${block.padEnd(20)}${tolerance.padEnd(15)}${String(dimensionRatio).padEnd(5)}${values}`,
          );
        }
  }
  for (const path of await drawFolder('expansion', out)) console.log(path);
}

void main();
