/**
 * How many channels are silent, never bent, or dormant, and what does it cost in rank? Pointwise layers under the standard
 * protocol, but with a random shift of each channel; the more the shifts differ, the farther channels lie off centre.
 *
 *     npx tsx experiments/channel-shares.ts [--layers 200] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/channel-shares: the figure `channel-shares` with its data, and a run per shift; another number of layers to
 * runs/, unless --out is given. docs/studies/silent-channels.md says what came out.
 */
import { boundedMean, predictRankRatios, readRows, runStudy, shareWithin, writeTable } from 'rankscope';
import type { ComparisonPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';
import { shareActivations, sharePanels, shareTolerance } from './study-panels';

const { sizes, out } = experimentArguments({ name: 'channel-shares', full: { layers: 200 } });
const shape = { dIn: 32, dOut: 128, samples: 512 };
/** Standard deviations of the shifts; a channel has deviation 1 over its samples. */
const shifts = [0, 0.5, 1, 1.5, 2, 3, 4];

type Share = 'silent' | 'neverBent' | 'dormant' | 'rank';
type Range = readonly [low: number, high: number];

/** Where an activation is constant, and where it is a straight line that is not. */
const pieces: Readonly<Record<string, Partial<Record<Share, readonly Range[]>>>> = {
  relu: { silent: [[-Infinity, 0]], neverBent: [[0, Infinity]] },
  leakyRelu: {
    silent: [],
    neverBent: [
      [-Infinity, 0],
      [0, Infinity],
    ],
  },
  hardSwish: { silent: [[-Infinity, -3]], neverBent: [[3, Infinity]] },
  silu: { silent: [] },
};

async function main(): Promise<void> {
  const points: ComparisonPoint[] = [];
  for (const shift of shifts) points.push(...predicted(shift), ...(await measured(shift)));
  await writeTable(`${out}/channel-shares.csv`, points, 5);
  for (const path of await drawFolder('channel-shares', out)) console.log(path);
  for (const { panel, series, x, measured, low, high } of points)
    if (measured !== null)
      console.log(
        panel.padEnd(10),
        series.padEnd(11),
        x,
        [measured, low, high].map((v) => (v ?? NaN).toFixed(3)).join(' '),
      );
}

function predicted(shift: number): ComparisonPoint[] {
  return Object.entries(shareActivations).flatMap(([activation, series]) => {
    const point = (panel: Share, theory: number): ComparisonPoint => ({
      ...{ panel, series, x: shift, theory },
      ...{ measured: null, low: null, high: null },
    });
    const shares = Object.entries(pieces[activation] ?? {}).map(([panel, ranges]) =>
      point(
        panel as Share,
        ranges.reduce(
          (sum, range) => sum + shareWithin(range, { between: shift, within: 1 }, shape.samples),
          0,
        ),
      ),
    );
    const law = shift === 0 ? 0 : `normal:${shift}`;
    const [rank = NaN] = predictRankRatios({ activation: activation as 'relu', ...shape, shift: law }, [
      shareTolerance,
    ]);
    return [...shares, point('rank', rank)];
  });
}

async function measured(shift: number): Promise<ComparisonPoint[]> {
  const run = await runStudy(
    {
      blocks: ['pointwise'],
      activations: Object.keys(shareActivations),
      ratios: [shape.dIn / shape.dOut],
      layers: sizes.layers,
      seed: 9,
      protocol: {
        preset: 'standard',
        channels: `${shape.dOut}:${shape.dOut}`,
        normalizationShift: shift === 0 ? 'none' : `normal:${shift}`,
        tolerances: [`relative:${shareTolerance}`],
      },
    },
    { out: `${out}/shift-${shift}`, resume: true },
  );
  const found = new Map<string, number[]>();
  for await (const rows of readRows(run.folder))
    for (const { activation, channels, silent, neverBent, dormant, ranks } of rows) {
      const rank = (ranks[0]?.rank ?? NaN) / channels;
      for (const [panel, value] of Object.entries({ silent, neverBent, dormant, rank })) {
        const key = `${panel} ${activation}`;
        if (value !== null) found.set(key, [...(found.get(key) ?? []), value]);
      }
    }
  // in the order of the activations, which is that of the colours
  return sharePanels.flatMap(({ name: panel }) =>
    Object.entries(shareActivations).flatMap(([activation, series]) => {
      const values = found.get(`${panel} ${activation}`);
      if (!values) return [];
      const { low, high } = boundedMean(values);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [{ panel, series, x: shift, theory: null, measured: mean, low, high }];
    }),
  );
}

void main();
