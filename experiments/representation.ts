/**
 * How many samples do RankMe and alpha-ReQ need? Both are taken of features of random layers from ever more samples.
 *
 *     npx tsx experiments/representation.ts [--layers 8] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/representation: the figure `representation` with its data; another number of layers to runs/, unless --out
 * is given. docs/studies/rankme-and-alpha-req.md says what came out.
 */
import {
  activations,
  alphaReq,
  centerRows,
  drawLayer,
  layerFeatures,
  rankMe,
  resolveLayerProtocol,
  resolveProtocol,
  singularValues,
  useBackend,
  writeTable,
} from 'rankscope';
import type { ComparisonPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'representation', full: { layers: 8 } });
const width = 128;
const samples = [64, 128, 256, 512, 1024, 2048, 4096, 8192];
const names = { linear: 'Linear', relu: 'ReLU', silu: 'SiLU' } as const;

async function main(): Promise<void> {
  await useBackend('auto');
  const { tolerances: _, center: __, ...standard } = resolveProtocol('standard');
  const points: ComparisonPoint[] = [];
  for (const count of samples) {
    const protocol = resolveLayerProtocol({
      ...standard,
      channels: `${width}:${width}`,
      samples: String(count),
    });
    for (const [activation, series] of Object.entries(names)) {
      const [ranks, alphas]: [number[], number[]] = [[], []];
      for (let index = 0; index < (sizes.layers ?? 1); index++) {
        const address = { seed: 8, block: 'pointwise', dimensionRatio: 0.5, index } as const;
        const layer = drawLayer(address, protocol);
        const features = layerFeatures(layer, activations[activation as keyof typeof names]).output;
        if (!features) throw new Error('no features');
        ranks.push(rankMe(singularValues(features)) / width);
        // beyond the inputs the linear layer has rounding alone
        const to = activation === 'linear' ? width / 2 : 100;
        const alpha = alphaReq(singularValues(centerRows(features)), { to: Math.min(to, count - 1) });
        alphas.push(alpha ?? NaN);
      }
      const mean = (values: readonly number[]) =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      const at = { series, x: count, theory: null };
      points.push({
        panel: 'rankme',
        ...at,
        measured: mean(ranks),
        low: Math.min(...ranks),
        high: Math.max(...ranks),
      });
      points.push({
        ...{
          panel: 'alpha',
          ...at,
          measured: mean(alphas),
          low: Math.min(...alphas),
          high: Math.max(...alphas),
        },
      });
      console.log(count, series, mean(ranks).toFixed(3), mean(alphas).toFixed(3));
    }
  }
  await writeTable(`${out}/representation.csv`, points, 5);
  for (const path of await drawFolder('representation', out)) console.log(path);
}

void main();
