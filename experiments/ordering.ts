/**
 * Are the activations of our Figure 1 in the order of the printed one, where the curves lie apart? Kendall's rank
 * correlation of each panel at dimension ratios 0.1, 0.2 and 0.3, over the pairs of activations that are printed
 * more than 0.01 apart, the error with which they were read.
 *
 *     npx tsx experiments/ordering.ts [RUN]     (or npx ts-node; default: figures/figure-1)
 *
 * Prints only; nothing is measured or written.
 */
import { readSummary } from 'rankscope';
import { figure1Ordering, figure1Points } from 'rankscope/paper';

const ratios = [0.1, 0.2, 0.3];

async function main(folder = 'figures/figure-1'): Promise<void> {
  const summary = (await readSummary(folder)).filter(({ tap }) => tap === 'output');
  console.log(`${folder}, ${Math.min(...summary.map(({ layers }) => layers))} layers per point or more\n`);
  console.log('panel                 pairs  in the printed order   tau');
  for (const { block, pairs, concordant, tau } of figure1Ordering(summary, { ratios }))
    console.log(
      `${block.padEnd(22)}${String(pairs).padStart(5)}${String(concordant).padStart(22)}${tau.toFixed(2).padStart(6)}`,
    );

  // Which pairs are not? By how much, in print and in ours.
  console.log('\nthe other way round:                                       printed    ours');
  const printed = figure1Points();
  for (const row of summary)
    for (const other of summary) {
      if (row.block !== other.block || row.dimensionRatio !== other.dimensionRatio) continue;
      const [one, two] = [row, other].map((of) =>
        printed.find(
          (point) =>
            point.block === of.block &&
            point.activation === of.activation &&
            point.dimensionRatio === of.dimensionRatio,
        ),
      );
      if (!one || !two || !ratios.includes(row.dimensionRatio)) continue;
      const [apart, ours] = [one.rankRatio - two.rankRatio, row.rankRatioMean - other.rankRatioMean];
      if (apart <= 0.01 + 1e-9 || ours >= 0) continue;
      const words = `${row.block} at ${row.dimensionRatio}: ${row.activation} above ${other.activation}`;
      console.log(`${words.padEnd(57)}${apart.toFixed(3).padStart(9)}${ours.toFixed(3).padStart(8)}`);
    }
}

void main(process.argv[2]);
