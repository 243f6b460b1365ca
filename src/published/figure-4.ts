/** The best configurations of one budget, as printed. */
export interface Figure4Point {
  /** Convolutions of the network: 18 with 5 blocks, 30 with 9. */
  readonly layers: number;
  /** Multiply-accumulates in millions (there called FLOPs). */
  readonly macsMillions: number;
  /** Mean CIFAR-100 top-1 accuracy in percent of the best tenth. */
  readonly top1: number;
}

/**
 * Returns the printed accuracies of the best tenth at each budget. Source: Figure 4 of "Rethinking Channel Dimensions
 * for Efficient Model Design" (Han et al., CVPR 2021). The channels of these tenths are drawn there, not printed.
 */
export function figure4Points(): readonly Figure4Point[] {
  return points;
}

const points: readonly Figure4Point[] = [
  { layers: 18, macsMillions: 30, top1: 63.8 },
  { layers: 18, macsMillions: 50, top1: 66.3 },
  { layers: 18, macsMillions: 70, top1: 67.5 },
  { layers: 30, macsMillions: 100, top1: 68.8 },
  { layers: 30, macsMillions: 150, top1: 69.8 },
  { layers: 30, macsMillions: 200, top1: 71.0 },
];
