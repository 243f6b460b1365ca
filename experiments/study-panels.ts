import type { ComparisonPanel } from 'rankscope';

/** The activations of experiments/width.ts, by the names of their lines. */
export const widthActivations: Readonly<Record<string, string>> = { relu: 'ReLU', elu: 'ELU', silu: 'SiLU' };
/** Its tolerances, relative to the largest singular value. */
export const widthTolerances: readonly number[] = [0.1, 0.03, 0.01];

/** The panels of experiments/width.ts: features as they are, and less their means. */
export const widthPanels: readonly ComparisonPanel[] = widthTolerances.flatMap((tolerance) =>
  [
    ['as it is', 'features as they are; lines: predicted'],
    ['centred', 'features less the mean of their channel'],
  ].map(([features = '', note = '']) => ({
    name: `${features}, ${tolerance}`,
    title: `Tolerance ${tolerance} σ₁`,
    note,
    xTitle: 'Output channels d_out',
    yTitle: 'Rank ratio',
    logarithmic: true,
  })),
);
