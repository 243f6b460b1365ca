/** A network with the accuracy, the costs and the latencies printed for it. */
export interface Table5Network {
  /** As printed: `ReXNet x0.9`. */
  readonly label: string;
  /** For `networkNamed`: `rexnet-0.9`. */
  readonly name: string;
  /** ImageNet accuracies in percent, as published. */
  readonly top1: number;
  readonly top5: number;
  /** Multiply-accumulates in billions, as published (there called FLOPs). */
  readonly macsBillions: number;
  /** Parameters in millions, as published. */
  readonly paramsMillions: number;
  /** Milliseconds for one image on a Xeon E5-2630 v4, and for a batch of 64 on a V100, as published. */
  readonly cpuMs: number;
  readonly gpuMs: number;
}

/**
 * Returns the paper's scalability table, ReXNet x0.9 to x3.0 against EfficientNet-B0 to B3. This is Table 5 of
 * "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021) with the further ReXNets of its
 * appendix, as printed. EfficientNet's accuracies are those of the EfficientNet paper.
 */
export function table5Networks(): Table5Network[] {
  return rows.map(([label, name, top1, top5, macsBillions, paramsMillions, cpuMs, gpuMs]) => ({
    label,
    name,
    top1,
    top5,
    macsBillions,
    paramsMillions,
    cpuMs,
    gpuMs,
  }));
}

type PrintedRow = readonly [string, string, number, number, number, number, number, number];

const rows: readonly PrintedRow[] = [
  ['ReXNet x0.9', 'rexnet-0.9', 77.2, 93.5, 0.35, 4.1, 45, 20],
  ['EfficientNet-B0', 'efficientnet-b0', 77.3, 93.5, 0.39, 5.3, 47, 23],
  ['ReXNet x1.0', 'rexnet-1.0', 77.9, 93.9, 0.4, 4.8, 47, 21],
  ['EfficientNet-B1', 'efficientnet-b1', 79.2, 94.5, 0.7, 7.8, 70, 37],
  ['ReXNet x1.3', 'rexnet-1.3', 79.5, 94.7, 0.66, 7.6, 55, 28],
  ['EfficientNet-B2', 'efficientnet-b2', 80.3, 95.0, 1.0, 9.2, 77, 48],
  ['ReXNet x1.5', 'rexnet-1.5', 80.3, 95.2, 0.9, 9.7, 59, 31],
  ['EfficientNet-B3', 'efficientnet-b3', 81.7, 95.6, 1.8, 12, 100, 78],
  ['ReXNet x2.0', 'rexnet-2.0', 81.6, 95.7, 1.5, 16, 69, 40],
  ['ReXNet plain', 'rexnet-plain-1.0', 74.8, 91.9, 0.56, 3.4, 22, 10],
  ['ReXNet x1.1', 'rexnet-1.1', 78.6, 94.1, 0.48, 5.6, 51, 24],
  ['ReXNet x1.2', 'rexnet-1.2', 79.0, 94.3, 0.57, 6.6, 53, 26],
  ['ReXNet x1.4', 'rexnet-1.4', 79.8, 94.9, 0.76, 8.6, 57, 30],
  ['ReXNet x2.2', 'rexnet-2.2', 81.7, 95.8, 1.8, 19, 73, 46],
  ['ReXNet x3.0', 'rexnet-3.0', 82.8, 96.3, 3.4, 34, 96, 61],
];
