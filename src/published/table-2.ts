/** A network of the paper's factor analysis, as printed. */
export interface Table2Network {
  /** What it has more than the one before. */
  readonly factor: string;
  /** Multiply-accumulates in millions (there called FLOPs). */
  readonly macsMillions: number;
  /** CIFAR-100 top-1 accuracy in percent, mean of three models. */
  readonly top1: number;
  /** Sum of the singular values of the final feature; on how many images is not printed. */
  readonly nuclearNorm: number;
}

/**
 * Returns the printed factor analysis of two inverted bottlenecks. Source: Table 2 of "Rethinking Channel Dimensions
 * for Efficient Model Design" (Han et al., CVPR 2021). Each row adds one factor to the row before. Channels are not
 * printed.
 */
export function table2Networks(): readonly Table2Network[] {
  return rows;
}

const rows: readonly Table2Network[] = [
  { factor: 'baseline', macsMillions: 103, top1: 48.0, nuclearNorm: 5997.5 },
  {
    factor: 'dimension ratio of the first 1x1 convolution 1/6 instead of 1/20',
    ...{ macsMillions: 99, top1: 52.1, nuclearNorm: 6655.9 },
  },
  {
    factor: 'dimension ratio of each inverted bottleneck 0.8 instead of 0.22',
    ...{ macsMillions: 105, top1: 53.8, nuclearNorm: 6703.2 },
  },
  {
    factor: 'SiLU instead of the first ReLU6 of each inverted bottleneck',
    ...{ macsMillions: 105, top1: 54.6, nuclearNorm: 6895.9 },
  },
];
