/**
 * Does the width of a layer change what its activations do? Pointwise layers of 64 to 1,024 output channels at one dimension
 * ratio, at relative tolerances, as they are and with each channel less its mean (`center`); the lines are predicted.
 *
 *     npx tsx experiments/width.ts [--layers 6] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/width: the figure `width` with its data, and a run for each width; another number of layers to runs/,
 * unless --out is given. docs/studies/width.md says what came out.
 */
import { meanInterval, predictRankRatios, readRows, runStudy, writeTable } from 'rankscope';
import type { ComparisonPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';
import { widthActivations, widthTolerances } from './study-panels';

const { sizes, out } = experimentArguments({ name: 'width', full: { layers: 6 } });
const widths = [64, 128, 256, 512, 1024];
const dimensionRatio = 0.1;
/** N / d_out, as the protocol has it. */
const samples = 4;

async function main(): Promise<void> {
  const points: ComparisonPoint[] = [];
  for (const [activation, series] of Object.entries(widthActivations))
    for (let half = 12; half <= 20; half++)
      points.push(...predicted(activation, series, Math.round(2 ** (half / 2))));
  for (const width of widths)
    for (const center of [false, true]) points.push(...(await measured(width, center)));
  await writeTable(`${out}/width.csv`, points, 5);
  for (const path of await drawFolder('width', out)) console.log(path);

  // What to look at first: from which width on is ReLU above SiLU?
  for (const { panel, series, x, measured } of points)
    if (measured !== null)
      console.log(`${panel.padEnd(22)}${String(x).padStart(5)}  ${series.padEnd(6)}${measured.toFixed(3)}`);
}

function predicted(activation: string, series: string, dOut: number): ComparisonPoint[] {
  const layer = {
    activation: activation as 'relu',
    dIn: Math.round(dimensionRatio * dOut),
    dOut,
    samples: samples * dOut,
  };
  return predictRankRatios(layer, widthTolerances).map((theory, i) => {
    const panel = `as it is, ${widthTolerances[i]}`;
    return { panel, series, x: dOut, theory, measured: null, low: null, high: null };
  });
}

async function measured(width: number, center: boolean): Promise<ComparisonPoint[]> {
  const run = await runStudy(
    {
      blocks: ['pointwise'],
      activations: Object.keys(widthActivations),
      ratios: [dimensionRatio],
      layers: sizes.layers,
      seed: 4,
      metrics: false,
      protocol: {
        preset: 'standard',
        channels: `${width}:${width}`,
        samples: `${samples}x`,
        center,
        tolerances: widthTolerances.map((tolerance) => `relative:${tolerance}`),
      },
    },
    { out: `${out}/${width}${center ? '-centred' : ''}`, resume: true },
  );
  // in the order of the lines, so that a colour means the same in every panel
  const kind = center ? 'centred' : 'as it is';
  const keys = Object.keys(widthActivations).flatMap((activation) =>
    widthTolerances.map((tolerance) => `${kind}, ${tolerance}|${activation}`),
  );
  const ratios = new Map<string, number[]>(keys.map((key) => [key, []]));
  for await (const rows of readRows(run.folder))
    for (const { activation, ranks, channels } of rows)
      for (const { tolerance, rank } of ranks) {
        const key = `${kind}, ${tolerance.replace('relative:', '')}|${activation}`;
        ratios.set(key, [...(ratios.get(key) ?? []), rank / channels]);
      }
  return [...ratios].map(([key, values]) => {
    const [panel = '', activation = ''] = key.split('|');
    const [low, high] = meanInterval(values, 1 / width);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      panel,
      series: widthActivations[activation] ?? activation,
      x: width,
      theory: null,
      measured: mean,
      low,
      high,
    };
  });
}

void main();
