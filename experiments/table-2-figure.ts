import { readTable } from 'rankscope';
import { comparisonFigure, type ComparisonPoint, type Figure } from 'rankscope/figures';
import { studentInterval, weightedLine } from 'rankscope/networks';
import { table2Networks } from 'rankscope/paper';
import { trainedDepthFigure, type PlaceRanks } from './depth-panels';
import { factors } from './table-2-networks';
import { trainingCaption } from './training-caption';

/** A trained network of the factor analysis. */
export interface Table2Row {
  readonly network: string;
  readonly seed: number;
  readonly stem: number;
  readonly channels: string;
  readonly params: number;
  readonly macs: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly trainLoss: number;
  /** Of the final feature, what the classifier reads of all test images. */
  readonly nuclearBefore: number;
  readonly nuclearAfter: number;
  readonly effectiveBefore: number;
  readonly effectiveAfter: number;
  readonly seconds: number;
}

/** The ranks at one tap of such a network. */
export interface Table2Tap extends Omit<PlaceRanks, 'panel'> {
  readonly network: string;
  readonly seed: number;
  readonly layer: string;
  readonly tap: string;
  readonly channels: number;
}

/** Returns what each network has more than the baseline, beside what is printed, with 95% intervals over seeds. */
export function table2Gains(rows: readonly Table2Row[]) {
  const printed = table2Networks();
  const of = (i: number) => rows.filter(({ network }) => network === factors[i]!.name);
  const logs = (i: number) => of(i).map(({ nuclearAfter }) => Math.log(nuclearAfter));
  const accuracies = (i: number) => of(i).map(({ testAccuracy }) => 100 * testAccuracy);
  const less = (values: (i: number) => number[], i: number) =>
    weightedLine([...values(0).map(() => 0), ...values(i).map(() => 1)], [...values(0), ...values(i)]);
  return factors.map(({ name }, i) => {
    const [accuracy, norm] = i === 0 ? [undefined, undefined] : [less(accuracies, i), less(logs, i)];
    return {
      ...{ name, networks: of(i).length, accuracy: studentInterval(accuracies(i)) },
      nuclearNorm: studentInterval(of(i).map(({ nuclearAfter }) => nuclearAfter)),
      effectiveRank: studentInterval(of(i).map(({ effectiveAfter }) => effectiveAfter)),
      ...{ gain: accuracy?.slope ?? null, gainInterval: accuracy?.interval ?? null },
      ratio: norm ? Math.exp(norm.slope) : null,
      ratioInterval: norm ? norm.interval.map(Math.exp) : null,
      printedGain: printed[i]!.top1 - printed[0]!.top1,
      printedRatio: printed[i]!.nuclearNorm / printed[0]!.nuclearNorm,
    };
  });
}

/** Returns the figure of the factor analysis from the networks in the folder. */
export async function table2Figure(folder: string): Promise<Figure> {
  const gains = table2Gains(await readTable<Table2Row>(`${folder}/networks.csv`));
  const points = gains.flatMap((row, i): ComparisonPoint[] => [
    {
      ...{ panel: 'accuracy', series: 'more than the baseline', x: i + 1, theory: row.printedGain },
      ...{ measured: row.gain ?? 0, low: row.gainInterval?.[0] ?? null, high: row.gainInterval?.[1] ?? null },
    },
    {
      ...{ panel: 'norm', series: 'relative to the baseline', x: i + 1, theory: row.printedRatio },
      ...{
        measured: row.ratio ?? 1,
        low: row.ratioInterval?.[0] ?? null,
        high: row.ratioInterval?.[1] ?? null,
      },
    },
  ]);
  const ends = (panel: string, unit: number) => {
    const own = points.filter((point) => point.panel === panel);
    const values = own.flatMap(({ theory, measured, low, high }) =>
      [theory, measured, low, high].filter((value) => value !== null),
    );
    return {
      bottom: Math.floor(Math.min(...values) / unit) * unit,
      top: Math.ceil(Math.max(...values) / unit) * unit,
    };
  };
  const names = ['Printed', 'Measured'] as const;
  const common = {
    xTitle: 'Row of the table; each adds to the one before',
    note: factors.map(({ name, label = name }, i) => `${i + 1} ${label}`).join(', '),
    names,
  };
  return comparisonFigure(
    [
      {
        ...{ ...common, name: 'accuracy', title: 'Test accuracy', ...ends('accuracy', 2) },
        ...{ yTitle: 'Percentage points above row 1', format: '.0f' },
      },
      {
        ...{ ...common, name: 'norm', title: 'Nuclear norm of the final feature', ...ends('norm', 0.1) },
        ...{ yTitle: 'Relative to row 1', format: '.2f' },
      },
    ],
    points,
    {
      title: 'Factor analysis of two inverted bottlenecks',
      subtitle:
        'Lines: printed in the paper’s Table 2 (CIFAR-100). Points: measured, with the 95% interval over five seeds',
      caption: `${await trainingCaption(folder)}, MACs within 1%.`,
    },
  );
}

/** Returns the figure of ranks at every tap of the four networks, before and after training. */
export async function table2DepthFigure(folder: string): Promise<Figure> {
  const taps = await readTable<Table2Tap>(`${folder}/taps.csv`);
  const figure = trainedDepthFigure(
    factors.flatMap(({ name, label = name }, i) =>
      taps.filter(({ network }) => network === name).map((tap) => ({ ...tap, panel: `${i + 1} ${label}` })),
    ),
    {
      title: 'Trained networks along their depth, beside their untrained selves',
      places: '1 stem; 2–4, 5–7 expansion, depthwise, output of a block; 8 head',
      caption: `${await trainingCaption(folder)}, MACs within 1%; ranks on test images, relative tolerance 0.01.`,
    },
  );
  return { ...figure, name: 'depth' };
}
