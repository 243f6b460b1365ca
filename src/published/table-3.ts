/** One search of the paper: 200 networks of a depth, trained within a budget. */
export interface Table3Search {
  /** Its letter in the table: `a` to `d`. */
  readonly constraint: string;
  readonly blocks: number;
  /** The budget of parameters, in millions. */
  readonly paramsMillions: number;
  /** The budget of multiply-accumulates, in millions (there called FLOPs). */
  readonly macsMillions: number;
  /** Mean multiply-accumulates of the networks, in millions, as printed. */
  readonly meanMacsMillions: number;
  /** Mean CIFAR-100 top-1 accuracy, in percent, of the best tenth, the tenth above the median, the worst tenth. */
  readonly top1: { readonly top: number; readonly middle: number; readonly bottom: number };
  readonly best: Table3Configuration;
  readonly worst: Table3Configuration;
}

export interface Table3Configuration {
  readonly channels: readonly number[];
  /** CIFAR-100 top-1 accuracy in percent, as published. */
  readonly top1: number;
}

/**
 * Returns the paper's four searches for channel configurations on CIFAR-100, each with its best and worst network. This
 * is Table 3 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021), as printed, even
 * where the worst network of (b) is better than the mean of the worst tenth. {@link cifarNetwork} builds them.
 */
export function table3Searches(): readonly Table3Search[] {
  return searches;
}

const searches: readonly Table3Search[] = [
  {
    constraint: 'a',
    blocks: 5,
    paramsMillions: 0.2,
    macsMillions: 30,
    meanMacsMillions: 30,
    top1: { top: 63.1, middle: 62.2, bottom: 61.4 },
    best: { channels: [34, 34, 45, 55, 66], top1: 63.4 },
    worst: { channels: [36, 36, 36, 36, 83], top1: 61.1 },
  },
  {
    constraint: 'b',
    blocks: 9,
    paramsMillions: 0.5,
    macsMillions: 100,
    meanMacsMillions: 100,
    top1: { top: 68.8, middle: 68.0, bottom: 67.4 },
    best: { channels: [24, 33, 42, 50, 59, 68, 77, 85, 94], top1: 68.9 },
    worst: { channels: [39, 39, 39, 39, 39, 39, 39, 87, 158], top1: 67.6 },
  },
  {
    constraint: 'c',
    blocks: 9,
    paramsMillions: 1.0,
    macsMillions: 200,
    meanMacsMillions: 200,
    top1: { top: 71.0, middle: 70.3, bottom: 69.9 },
    best: { channels: [30, 45, 59, 74, 88, 103, 117, 132, 146], top1: 71.1 },
    worst: { channels: [47, 47, 70, 70, 70, 70, 70, 70, 364], top1: 69.6 },
  },
  {
    constraint: 'd',
    blocks: 13,
    paramsMillions: 3.0,
    macsMillions: 300,
    meanMacsMillions: 351,
    top1: { top: 73.0, middle: 72.1, bottom: 71.7 },
    best: { channels: [34, 34, 34, 40, 64, 88, 112, 136, 160, 184, 208, 232, 256], top1: 73.2 },
    worst: { channels: [52, 52, 52, 52, 52, 52, 52, 52, 52, 115, 263, 263, 412], top1: 71.6 },
  },
];
