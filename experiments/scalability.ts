/**
 * Scalability, Table 5 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021). How does
 * accuracy grow with cost when ReXNet is widened, and when EfficientNet is scaled up? Accuracies are the published
 * ones; nothing is trained here. Costs are counted from the networks' descriptions, and set beside the printed ones.
 *
 *     npx ts-node experiments/scalability.ts [--out FOLDER]     (or npx tsx)
 *
 * Writes figures/scalability/: the figure as scalability.svg and .png with its data. Prints the table, and how far
 * ReXNet lies above EfficientNet at the same cost, by linear interpolation over the logarithm of the cost.
 */
import { scalabilityPoints, type ScalabilityPoint } from 'rankscope/paper';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { out } = experimentArguments({ name: 'scalability' });

async function main(): Promise<void> {
  for (const path of await drawFolder('scalability', out)) console.log(path);

  const points = scalabilityPoints().filter(({ counted }) => counted);
  const rival = points.filter(({ family }) => family === 'EfficientNet');
  console.log('\n                 published      MACs (M)              params (M)       above EfficientNet');
  console.log('network              top-1   counted  printed     counted  printed   at MACs   at params');
  for (const point of points.toSorted((a, b) => a.macs - b.macs)) {
    const { label, top1, macs, params, printedMacs, printedParams } = point;
    const numbers = [
      `${top1.toFixed(1)}%`.padStart(11),
      (macs / 1e6).toFixed(1).padStart(10),
      (printedMacs / 1e6).toFixed(0).padStart(9),
      (params / 1e6).toFixed(2).padStart(12),
      (printedParams / 1e6).toFixed(1).padStart(9),
      ...(['macs', 'params'] as const).map((cost) => {
        const gain = point.family === 'ReXNet' ? above(rival, point, cost) : undefined;
        return (gain === undefined ? '' : `${gain < 0 ? '' : '+'}${gain.toFixed(1)}`).padStart(10);
      }),
    ];
    console.log(`${label.padEnd(15)}${numbers.join('')}`.trimEnd());
  }
}

/** Percentage points between a network and the line of others at its cost; undefined outside their range. */
function above(
  others: readonly ScalabilityPoint[],
  point: ScalabilityPoint,
  cost: 'macs' | 'params',
): number | undefined {
  const sorted = others.toSorted((a, b) => a[cost] - b[cost]);
  const right = sorted.findIndex((other) => other[cost] >= point[cost]);
  if (right < 1) return undefined;
  const [from, to] = [sorted[right - 1]!, sorted[right]!];
  const share = Math.log(point[cost] / from[cost]) / Math.log(to[cost] / from[cost]);
  return point.top1 - (from.top1 + share * (to.top1 - from.top1));
}

void main();
