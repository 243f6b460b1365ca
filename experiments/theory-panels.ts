import type { ComparisonPanel } from 'rankscope/figures';

/** The four panels of the figure that experiments/theory.ts draws. */
export const theoryPanels: readonly ComparisonPanel[] = [
  {
    name: 'linear',
    title: 'Without activations',
    note: 'largest rank / d_out; 64 output channels',
    xTitle: 'Dimension ratio (input / output channels)',
    yTitle: 'Rank ratio (rank / channels)',
  },
  {
    name: 'quadratic',
    title: 'Hard swish within (−3, 3): a parabola',
    note: 'd_in + d_in (d_in + 1) / 2, one more with a bias; 128 output channels',
    xTitle: 'Input channels d_in',
    yTitle: 'Rank ratio (rank / channels)',
  },
  {
    name: 'shares',
    title: 'Channels an activation does not bend',
    note: 'expected share; fitted protocol, pointwise, dimension ratio 0.5',
    xTitle: 'Output channels d_out (N = 1.2 d_out)',
    yTitle: 'Share of the channels',
    logarithmic: true,
  },
  {
    name: 'ceiling',
    title: 'What they leave to ReLU',
    note: 'fitted protocol, pointwise; the axis begins at 0.8',
    xTitle: 'Dimension ratio (input / output channels)',
    yTitle: 'Rank ratio (rank / channels)',
    bottom: 0.8,
    format: '.2f',
  },
];
