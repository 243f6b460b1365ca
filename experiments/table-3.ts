/**
 * Table 3 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021), drawn: the best and
 * the worst channel configuration of each of its four searches on CIFAR-100. The best widen evenly; the worst stay
 * narrow for long and then widen at once (the paper's Figure 2, which has 200 networks a search).
 *
 *     npx ts-node experiments/table-3.ts     (or npx tsx)
 *
 * Writes figures/table-3/: the figure as channels.svg and .png with its data. Prints what the networks
 * cost as they are defined here (see docs/networks.md: the paper does not print strides and head) beside what the
 * paper prints.
 */
import { cifarNetwork, networkCosts, table3Searches } from 'rankscope';
import { drawFolder } from './draw-folder';

async function main(): Promise<void> {
  for (const path of await drawFolder('figures/table-3')) console.log(path);

  console.log('\n                 params (M)             MACs (M)');
  console.log('              printed  counted      printed  counted');
  for (const { constraint, paramsMillions, meanMacsMillions, ...search } of table3Searches()) {
    for (const which of ['best', 'worst'] as const) {
      const { params, macs } = networkCosts(cifarNetwork(search[which].channels));
      const against = (counted: number, printed: number) => {
        const percent = 100 * (counted / printed - 1);
        return `${printed.toFixed(1).padStart(9)}${counted.toFixed(2).padStart(9)}  ${percent.toFixed(1).padStart(5)}%`;
      };
      const costs = against(params / 1e6, paramsMillions) + against(macs / 1e6, meanMacsMillions);
      console.log(`(${constraint}) ${which.padEnd(8)}${costs}`);
    }
  }
}

void main();
