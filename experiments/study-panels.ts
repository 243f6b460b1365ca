import type { ComparisonPanel, ComparisonPoint } from 'rankscope/figures';

/** The activations of experiments/width.ts, by the names of their lines. */
export const widthActivations: Readonly<Record<string, string>> = { relu: 'ReLU', elu: 'ELU', silu: 'SiLU' };
/** Its tolerances, relative to the largest singular value. */
export const widthTolerances: readonly number[] = [0.1, 0.03, 0.01];

/** The panels of experiments/width.ts: features as they are, and less their means. */
export const widthPanels: readonly ComparisonPanel[] = widthTolerances.flatMap((tolerance) =>
  [
    ['as it is', 'features as they are'],
    ['centred', 'features less the mean of their channel; measured only'],
  ].map(([features = '', note = '']) => ({
    name: `${features}, ${tolerance}`,
    title: `Tolerance ${tolerance} σ₁`,
    note,
    xTitle: 'Output channels d_out',
    yTitle: 'Rank ratio (rank / channels)',
    logarithmic: true,
  })),
);

/** The tolerances of experiments/orthogonal.ts, relative to the largest singular value. */
export const orthogonalTolerances: readonly number[] = [0.1, 0.03];

/** The panels of experiments/orthogonal.ts: an activation and a tolerance. */
export const orthogonalPanels: readonly ComparisonPanel[] = orthogonalTolerances.flatMap((tolerance) =>
  ['ReLU', 'SiLU'].map((activation) => ({
    name: `${activation}, ${tolerance}`,
    title: `${activation}, tolerance ${tolerance} σ₁`,
    note: 'line: predicted for normal weights',
    xTitle: 'Dimension ratio (input / output channels)',
    yTitle: 'Rank ratio (rank / channels)',
  })),
);

/** The activations of experiments/channel-shares.ts, by the names of their lines. */
export const shareActivations: Readonly<Record<string, string>> = {
  relu: 'ReLU',
  leakyRelu: 'LeakyReLU',
  hardSwish: 'Hard swish',
  silu: 'SiLU',
};
/** Its tolerance, relative to the largest singular value. */
export const shareTolerance = 0.0001;

/** The panels of experiments/channel-shares.ts. */
export const sharePanels: readonly ComparisonPanel[] = [
  ['silent', 'Silent channels', 'the same number in every column'],
  ['neverBent', 'Channels never bent', 'all columns on one straight piece that is not flat'],
  ['dormant', 'Dormant channels', 'mean magnitude at most 0.025 of the layer’s; not predicted'],
  ['rank', 'Rank ratio', `tolerance ${shareTolerance} σ₁`],
].map(([name = '', title = '', note = '']) => ({
  ...{ name, title, note },
  xTitle: 'Standard deviation of the shifts',
  yTitle: name === 'rank' ? 'Rank ratio' : 'Share of the channels',
}));

/** The panel of experiments/softmax.ts. */
export const softmaxPanels: readonly ComparisonPanel[] = [
  {
    name: 'softmax',
    title: 'Log-probabilities of 256 words in 384 contexts',
    note: 'line: at most d + 1 of 256 dimensions',
    xTitle: 'Dimension d of the hidden state',
    yTitle: 'Rank / words',
    logarithmic: true,
  },
];

/** The panels of experiments/representation.ts. */
export const representationPanels: readonly ComparisonPanel[] = [
  {
    name: 'rankme',
    title: 'RankMe / channels',
    note: 'features as they are',
    xTitle: 'Samples N',
    yTitle: 'RankMe / 128',
    logarithmic: true,
  },
  {
    name: 'alpha',
    title: 'Alpha of α-ReQ',
    note: 'features less the mean of their channel',
    xTitle: 'Samples N',
    yTitle: 'Exponent α',
    logarithmic: true,
    top: 3,
  },
];

/** The activations of experiments/prediction.ts, by the names of their lines. */
const stackActivations: Readonly<Record<string, string>> = { ...widthActivations, hardSwish: 'Hard swish' };

/** The panels of experiments/prediction.ts: a convolution of an inverted bottleneck. */
export const stackPanels: readonly ComparisonPanel[] = (
  [
    ['spatial', 'Second convolution, activated'],
    ['project', 'Third convolution, linear'],
  ] as const
).map(([name, title]) => ({
  ...{
    name,
    title,
    note: 'tolerance 0.1 σ₁',
    xTitle: 'Dimension ratio of the block (input / output channels)',
    yTitle: 'Rank ratio (rank / channels)',
  },
}));

/** A row of figures/prediction/bottlenecks.csv. */
export interface StackRow {
  readonly tap: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  readonly tolerance: string;
  readonly layers: number;
  readonly measured: number;
  readonly standardError: number;
  readonly predicted: number;
}

/** Returns the points of these panels, at the tolerance that they name. */
export const stackPoints = (rows: readonly StackRow[]): ComparisonPoint[] =>
  rows
    .filter(({ tolerance }) => tolerance === 'relative:0.1')
    .map(({ tap, activation, dimensionRatio, measured, standardError, predicted }) => ({
      ...{ panel: tap, series: stackActivations[activation] ?? activation, x: dimensionRatio },
      ...{ theory: predicted, measured },
      low: Math.max(0, measured - 1.96 * standardError),
      high: Math.min(1, measured + 1.96 * standardError),
    }));
