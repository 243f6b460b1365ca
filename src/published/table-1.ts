/** The channel configuration of a published network, with the numbers printed beside it. */
export interface Table1Network {
  readonly network: string;
  readonly stem: number;
  /** Output channels of each block. */
  readonly channels: readonly number[];
  /** ImageNet top-1 accuracy in percent, as published. */
  readonly top1: number;
  /** Parameters in millions, as published. */
  readonly paramsMillions: number;
  /** Multiply-accumulates in billions, as published (there called FLOPs). */
  readonly macsBillions: number;
}

/**
 * Returns the channel configurations of ten lightweight networks, in the order of the paper's Table 1. Numbers are as
 * printed in "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021).
 */
export function table1Networks(): Table1Network[] {
  return rows.map(([network, stem, blocks, top1, paramsMillions, macsBillions]) => ({
    network,
    stem,
    channels: blocks.split('-').flatMap((stage) => {
      const [channels = 0, repeats = 0] = stage.split('x').map(Number);
      return Array<number>(repeats).fill(channels);
    }),
    top1,
    paramsMillions,
    macsBillions,
  }));
}

/** Each stage as output channels x number of blocks. */
const rows: readonly (readonly [string, number, string, number, number, number])[] = [
  ['MobileNetV2', 32, '16x1-24x2-32x3-64x4-96x3-160x3-320x1', 72.0, 3.4, 0.3],
  ['FBNet-C', 16, '16x1-24x4-32x4-64x4-112x4-184x4-352x1', 74.9, 5.5, 0.38],
  ['ProxylessNas-R', 32, '16x1-32x2-40x4-80x4-96x4-192x4-320x1', 74.6, 4.1, 0.32],
  ['MNasNet-A1', 32, '16x1-24x2-40x3-80x4-112x2-160x3-320x1', 75.2, 3.9, 0.31],
  ['MixNet-M', 24, '24x1-32x2-40x4-80x4-120x4-200x4', 77.0, 5.0, 0.36],
  ['EfficientNet-B0', 32, '16x1-24x2-40x2-80x3-112x3-192x4-320x1', 77.3, 4.8, 0.39],
  ['AtomNas-C', 32, '16x1-24x4-40x4-80x4-96x4-192x4-320x1', 77.6, 5.9, 0.36],
  ['FairNas-A', 32, '16x1-32x2-40x4-80x4-96x4-192x4-320x1', 77.5, 5.9, 0.39],
  ['FairDARTS-C', 32, '16x1-32x2-40x4-80x5-96x3-192x4-320x1', 77.2, 5.3, 0.39],
  ['SE-DARTS+', 32, '16x1-24x4-40x4-80x4-96x4-192x4-320x1', 77.5, 6.1, 0.59],
];
