/**
 * Table 3 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021), drawn. It has the best
 * and the worst channel configuration of each of four searches on CIFAR-100. The best widen evenly; the worst stay
 * narrow for long and then widen at once. The paper's Figure 2 groups the 200 networks of a search, but does not print
 * them. Here the two stand before 200 configurations of the same cost, drawn by `rankscope design --sample`.
 *
 *     npx ts-node experiments/table-3.ts [--out FOLDER]     (or npx tsx)
 *
 * Writes figures/table-3/: samples.csv, and the figure as channels.svg and .png with its data. Prints what the networks
 * cost as they are defined here (see docs/networks.md: the paper does not print strides and head) beside what the
 * paper prints, and how even their steps are (docs/designs.md: 0 is two stages, 1 a line).
 */
import { writeTable } from 'rankscope';
import { cifarNetwork, evenness, networkCosts, sampleConfigurations } from 'rankscope/networks';
import { table3Searches } from 'rankscope/paper';
import type { Table3Sample } from './channel-figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { out } = experimentArguments({ name: 'table-3' });

async function main(): Promise<void> {
  const samples = table3Searches().flatMap(({ constraint, blocks, best }): Table3Sample[] => {
    const { params, macs } = networkCosts(cifarNetwork(best.channels));
    return sampleConfigurations({ count: 200, blocks, params, macs, seed: 0 }).map((sample) => ({
      constraint,
      channels: sample.channels.join('-'),
      params: sample.params,
      macs: sample.macs,
      evenness: sample.evenness,
    }));
  });
  await writeTable(`${out}/samples.csv`, samples, 4);
  for (const path of await drawFolder('table-3', out)) console.log(path);

  console.log('\n                   params (M)               MACs (M)');
  console.log('              printed  counted        printed  counted        evenness   top-1');
  for (const { constraint, paramsMillions, meanMacsMillions, ...search } of table3Searches()) {
    for (const which of ['best', 'worst'] as const) {
      const { channels, top1 } = search[which];
      const { params, macs } = networkCosts(cifarNetwork(channels));
      const against = (counted: number, printed: number) => {
        const percent = 100 * (counted / printed - 1);
        return `${printed.toFixed(1).padStart(9)}${counted.toFixed(2).padStart(9)}  ${percent.toFixed(1).padStart(5)}%`;
      };
      const costs = against(params / 1e6, paramsMillions) + against(macs / 1e6, meanMacsMillions);
      const even = evenness(channels).toFixed(2).padStart(11);
      console.log(`(${constraint}) ${which.padEnd(8)}${costs}${even}${top1.toFixed(1).padStart(8)}%`);
    }
  }
}

void main();
