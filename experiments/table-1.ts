/**
 * Table 1 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021), drawn. How wide is
 * each block of ten lightweight networks? They were searched by very different methods, but all are flat within a stage
 * and widen at its end. ReXNet x1.0 is the paper's answer, a straight line.
 *
 *     npx ts-node experiments/table-1.ts [--out FOLDER]     (or npx tsx)
 *
 * Writes figures/table-1/: the figure as channels.svg and .png with its data. Prints how far each network is from a
 * straight line.
 */
import { table1Lines } from './channel-figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { out } = experimentArguments({ name: 'table-1' });

async function main(): Promise<void> {
  for (const path of await drawFolder('table-1', out)) console.log(path);

  // How far is each from a straight line through its first and its last block? 1 is the whole rise.
  console.log(`\n${'network'.padEnd(18)}blocks  stages  largest step  farthest from the line`);
  for (const { label, channels } of table1Lines()) {
    const rise = channels.at(-1)! - channels[0]!;
    const steps = channels.slice(1).map((c, i) => c - channels[i]!);
    const line = (i: number) => channels[0]! + (rise * i) / (channels.length - 1);
    const farthest = Math.max(...channels.map((c, i) => Math.abs(c - line(i)) / rise));
    const numbers = [
      String(channels.length).padStart(6),
      String(new Set(channels).size).padStart(8),
      `${((100 * Math.max(...steps)) / rise).toFixed(0)}%`.padStart(14),
      farthest.toFixed(2).padStart(24),
    ];
    console.log(label.padEnd(18) + numbers.join(''));
  }
}

void main();
