/**
 * Do orthogonal weights use more of a layer's width than normal ones? Pointwise layers under the standard protocol, with
 * weights that are orthonormal and weights that are independent, at two tolerances; the line is predicted for the latter.
 *
 *     npx tsx experiments/orthogonal.ts [--layers 200] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/orthogonal: the figure `orthogonal` with its data, and two runs; another number of layers to runs/, unless
 * --out is given. docs/studies/orthogonal-weights.md says what came out.
 */
import { boundedMean, predictRankRatios, readRows, runStudy, writeTable } from 'rankscope';
import type { ComparisonPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';
import { orthogonalTolerances } from './study-panels';

const { sizes, out } = experimentArguments({ name: 'orthogonal', full: { layers: 200 } });
const activations = { relu: 'ReLU', silu: 'SiLU' } as const;
const ratios = [0.1, 0.2, 0.3, 0.5, 0.75, 1];
const width = 128;

async function main(): Promise<void> {
  const points: ComparisonPoint[] = [];
  for (const [activation, name] of Object.entries(activations))
    for (const ratio of ratios) {
      const sizes = { dIn: Math.round(ratio * width), dOut: width, samples: 4 * width };
      predictRankRatios({ activation: activation as 'relu', ...sizes }, orthogonalTolerances).forEach(
        (theory, i) => {
          const panel = `${name}, ${orthogonalTolerances[i]}`;
          points.push({ panel, series: 'normal', x: ratio, theory, measured: null, low: null, high: null });
        },
      );
    }
  for (const weights of ['normal', 'orthogonal']) points.push(...(await measured(weights)));
  await writeTable(`${out}/orthogonal.csv`, points, 5);
  for (const path of await drawFolder('orthogonal', out)) console.log(path);
  for (const { panel, series, x, measured, low, high } of points)
    if (measured !== null)
      console.log(
        panel.padEnd(12),
        series.padEnd(11),
        x,
        [measured, low, high].map((v) => (v ?? NaN).toFixed(3)).join(' '),
      );
}

async function measured(weights: string): Promise<ComparisonPoint[]> {
  const tolerances = orthogonalTolerances.map((tolerance) => `relative:${tolerance}`);
  const run = await runStudy(
    {
      blocks: ['pointwise'],
      activations: Object.keys(activations),
      ratios,
      layers: sizes.layers,
      seed: 6,
      metrics: false,
      protocol: { preset: 'standard', channels: `${width}:${width}`, weights, tolerances },
    },
    { out: `${out}/${weights}`, resume: true },
  );
  const found = new Map<string, number[]>();
  for await (const rows of readRows(run.folder))
    for (const { activation, dimensionRatio, ranks, channels } of rows)
      for (const { tolerance, rank } of ranks) {
        const name = activations[activation as keyof typeof activations];
        const key = `${name}, ${tolerance.replace('relative:', '')}|${dimensionRatio}`;
        found.set(key, [...(found.get(key) ?? []), rank / channels]);
      }
  return [...found].map(([key, values]) => {
    const [panel = '', x = ''] = key.split('|');
    const { low, high } = boundedMean(values);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { panel, series: weights, x: Number(x), theory: null, measured: mean, low, high };
  });
}

void main();
