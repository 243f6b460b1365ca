import { readTable } from 'rankscope';
import { comparisonFigure, type ComparisonPoint, type Figure } from 'rankscope/figures';
import { studentInterval, weightedLine } from 'rankscope/networks';
import { trainedDepthFigure } from './depth-panels';
import type { KeptNetwork, KeptOutput } from './kept-searches';
import { trainingCaption } from './training-caption';

/** The shape of a design by its number: in each search the linear one comes first. */
export const budgetShapes = ['linear channels', 'stage-wise channels'] as const;

/** Returns for each budget the costs, and linear less stage-wise accuracy in points with its 95% interval over seeds. */
export function budgetDifferences(rows: readonly KeptNetwork[]) {
  return [...new Set(rows.map(({ search }) => search))].map((search) => {
    const own = rows.filter((row) => row.search === search);
    const of = (design: number) => own.filter((row) => row.design === design);
    const [linear, stage] = [of(0), of(1)];
    const line = weightedLine(
      own.map(({ design }) => 1 - design),
      own.map(({ testAccuracy }) => 100 * testAccuracy),
    );
    return {
      ...{ search, linear: linear[0]?.channels ?? '', stage: stage[0]?.channels ?? '' },
      ...{ macs: linear[0]?.macs ?? NaN, params: linear[0]?.params ?? NaN },
      macsDifference: (linear[0]?.macs ?? NaN) / (stage[0]?.macs ?? NaN) - 1,
      paramsDifference: (linear[0]?.params ?? NaN) / (stage[0]?.params ?? NaN) - 1,
      ...{ networks: own.length, difference: line?.slope ?? NaN, interval: line?.interval ?? null },
    };
  });
}

/** Returns the figure of linear against stage-wise channels from the networks in the folder. */
export async function budgetsFigure(folder: string): Promise<Figure> {
  const rows = await readTable<KeptNetwork>(`${folder}/networks.csv`);
  const points: ComparisonPoint[] = [];
  for (const { search, macs, difference, interval } of budgetDifferences(rows)) {
    for (const [design, series] of budgetShapes.entries()) {
      const own = rows.filter((row) => row.search === search && row.design === design);
      const { mean, interval: around } = studentInterval(own.map(({ testAccuracy }) => 100 * testAccuracy));
      const [low, high] = around ?? [null, null];
      points.push({
        panel: 'accuracy',
        series,
        x: macs / 1e6,
        theory: mean,
        measured: mean,
        low,
        high,
      });
    }
    const [low, high] = interval ?? [null, null];
    const x = macs / 1e6;
    points.push({
      panel: 'difference',
      series: 'linear less stage-wise',
      x,
      theory: 0,
      measured: difference,
      low,
      high,
    });
  }
  const ends = (panel: string, unit: number) => {
    const own = points.filter((point) => point.panel === panel);
    const values = own.flatMap(({ measured, low, high }) => [measured, low, high].filter((v) => v !== null));
    return {
      bottom: Math.floor(Math.min(...values) / unit) * unit,
      top: Math.ceil(Math.max(...values) / unit) * unit,
    };
  };
  const names = ['Mean', 'Mean'] as const;
  const common = { xTitle: 'Multiply-accumulates, millions', names };
  return comparisonFigure(
    [
      {
        ...{ ...common, name: 'accuracy', title: 'Test accuracy', note: '', ...ends('accuracy', 5) },
        ...{ yTitle: 'Test accuracy, %', format: '.0f' },
      },
      {
        ...{ ...common, name: 'difference', title: 'Linear less stage-wise', note: 'line: no difference' },
        ...{ ...ends('difference', 1), yTitle: 'Percentage points', format: '.1f' },
      },
    ],
    points,
    {
      title: 'Linear against stage-wise channels, by budget',
      subtitle: `Points: mean over ${new Set(rows.map(({ seed }) => seed)).size} seeds with its 95% interval (Student’s)`,
      caption: `${await trainingCaption(folder)}; a pair’s parameters and MACs within 1%.`,
    },
  );
}

/** Returns the figure of ranks along the depth of the widest pair, before and after training. */
export async function budgetsDepthFigure(folder: string): Promise<Figure> {
  const outputs = await readTable<KeptOutput>(`${folder}/outputs.csv`);
  const rows = await readTable<KeptNetwork>(`${folder}/networks.csv`);
  const last = budgetDifferences(rows).at(-1)!;
  const own = outputs.filter(({ search }) => search === last.search);
  const figure = trainedDepthFigure(
    [last.linear, last.stage].flatMap((channels, i) =>
      own
        .filter(({ design }) => design === i)
        .map((output) => ({ ...output, panel: `${budgetShapes[i]}: ${channels}` })),
    ),
    {
      title: 'What training does to ranks along the depth',
      places: '1 stem, then the outputs of the blocks, last the head',
      caption: `${await trainingCaption(folder)}; ranks on test images, relative tolerance 0.01.`,
    },
  );
  return { ...figure, name: 'depth' };
}
