/**
 * Which of two activations has more rank, over width, tolerance and the scale after the normalization? Predicted for widths
 * from 32 to 65,536, and spot-checked with random layers up to 512.
 *
 *     npx tsx experiments/activation-map.ts [--layers 24] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/activation-map: the figures `silu-relu` and `hardswish-relu` with their data, and spots.csv. Another number of
 * layers is written to runs/, unless --out is given. docs/studies/activation-map.md says what came out.
 */
import { meanInterval, measureStudy, predictPhase, resolveStudy, writeTable, type LayerRow } from 'rankscope';
import type { PhasePanelPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'activation-map', full: { layers: 24 } });
const pairs = [
  ['silu', 'relu'],
  ['hardSwish', 'relu'],
] as const;
const scales = ['one', 'uniform'] as const;
const panelOf = { one: 'Scale 1', uniform: 'Scale uniform in [0, 1)' };
const widths = Array.from({ length: 12 }, (_, k) => 32 * 2 ** k);
const tolerances = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 3e-4, 1e-4];
const checked = { widths: [32, 128, 512], tolerances: [0.1, 0.03, 0.01, 0.003] };
const ratio = 0.25;

async function main(): Promise<void> {
  const points = pairs.flatMap(([first, second]) =>
    scales.flatMap((normalizationScale) =>
      predictPhase({
        activations: [first, second],
        ...{ widths, tolerances, ratio, protocol: { preset: 'standard', normalizationScale } },
      }).map((point) => ({ pair: `${first}-${second}`, panel: panelOf[normalizationScale], ...point })),
    ),
  );
  await writeTable(`${out}/predicted.csv`, points, 5);
  const spots = [];
  for (const normalizationScale of scales) {
    for (const width of checked.widths) {
      const rows = await measured(normalizationScale, width);
      for (const [first, second] of pairs) {
        for (const tolerance of checked.tolerances) {
          const differences = pairedDifferences(rows, first, second, tolerance);
          // the interval is that of a mean in [0, 1]: a difference is moved there and back
          const [low, high] = meanInterval(
            differences.map((x) => (x + 1) / 2),
            1 / width / 2,
          );
          const difference = differences.reduce((sum, x) => sum + x, 0) / differences.length;
          const place = { pair: `${first}-${second}`, panel: panelOf[normalizationScale], width, tolerance };
          spots.push({
            ...place,
            layers: differences.length,
            difference,
            low: 2 * low - 1,
            high: 2 * high - 1,
          });
        }
      }
    }
  }
  await writeTable(`${out}/spots.csv`, spots, 5);

  // What to look at first: how far measured differences are from predicted ones.
  const errors = spots.map((spot) => {
    const same = (point: PhasePanelPoint & { pair: string }) =>
      point.pair === spot.pair &&
      point.panel === spot.panel &&
      point.width === spot.width &&
      point.tolerance === spot.tolerance;
    return Math.abs((points.find(same)?.difference ?? NaN) - spot.difference);
  });
  const mean = errors.reduce((sum, x) => sum + x, 0) / errors.length;
  console.log(
    `${errors.length} spots: mean error ${mean.toFixed(4)}, largest ${Math.max(...errors).toFixed(4)}`,
  );
  for (const path of await drawFolder('activation-map', out)) console.log(path);
}

async function measured(normalizationScale: 'one' | 'uniform', width: number): Promise<LayerRow[]> {
  const study = resolveStudy({
    blocks: ['pointwise'],
    activations: ['relu', 'silu', 'hardSwish'],
    ratios: [ratio],
    layers: sizes.layers,
    metrics: false,
    protocol: {
      ...{ preset: 'standard', normalizationScale, channels: `${width}:${width}` },
      tolerances: checked.tolerances.map((tolerance) => `relative:${tolerance}`),
    },
  });
  const rows: LayerRow[] = [];
  for await (const some of measureStudy(study)) rows.push(...some);
  return rows;
}

/** Both activations are measured on the same layers: their difference in each of them. */
function pairedDifferences(
  rows: readonly LayerRow[],
  first: string,
  second: string,
  tolerance: number,
): number[] {
  const of = (activation: string) =>
    rows
      .filter((row) => row.activation === activation)
      .sort((a, b) => a.layer - b.layer)
      .map(({ ranks, channels }) => {
        const found = ranks.find((one) => one.tolerance === `relative:${tolerance}`);
        return (found?.rank ?? NaN) / channels;
      });
  const other = of(second);
  return of(first).map((value, k) => value - (other[k] ?? NaN));
}

void main();
