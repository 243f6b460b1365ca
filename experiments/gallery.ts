/**
 * Every figure of the repository: its content, its command, and how it is drawn from the data beside it. A new figure
 * is one more entry; `npx tsx experiments/draw-gallery.ts` then writes docs/gallery.md, and the tests redraw whatever
 * has a `draw` and compare.
 */
import { readManifest, readSummary, readTable } from 'rankscope';
import {
  curveFigure,
  latencyFigure,
  protocolCaption,
  type Figure,
  type FigureFormat,
} from 'rankscope/figures';
import { figure1Points, scalabilityFigure, scalabilityPoints } from 'rankscope/paper';
import { bottlenecksFigure } from './bottlenecks-figure';
import { table1Figure, table3Figure, type Table3Sample } from './channel-figures';
import { layerFigures } from './layer-figures';
import { rankAndAccuracyFigure } from './rank-accuracy-figure';
import { budgetsDepthFigure, budgetsFigure } from './search-budgets-figure';
import { keptSearchFigure } from './search-figure';
import { sensitivityFigure, type SensitivityRow } from './sensitivity-figure';
import { table2DepthFigure, table2Figure } from './table-2-figure';

export interface GalleryEntry {
  /** The figure's files below figures/, without their ending. */
  readonly figure: string;
  /** One or two sentences. */
  readonly shows: string;
  readonly command: string;
  /** Draws the figure from the data in its folder; absent where that needs more than is kept there. */
  readonly draw?: (folder: string) => Promise<Figure>;
  /** @default svg and png; pages and PDFs would be most of the folder */
  readonly formats?: readonly FigureFormat[];
}

export const gallery: readonly GalleryEntry[] = [
  {
    figure: 'figure-1/curve',
    shows: 'Mean rank ratio of random layers against their dimension ratio, after Figure 1 of the paper.',
    command: 'npx tsx experiments/figure-1.ts --full',
    formats: ['svg', 'png', 'pdf'],
    draw: async (folder) =>
      curveFigure(await readSummary(folder), {
        caption: protocolCaption(await readManifest(folder)),
        published: figure1Points(),
      }),
  },
  {
    figure: 'figure-1-protocol/sensitivity',
    shows: 'The error of each panel of Figure 1 after a change of one choice of the protocol.',
    command: 'PANELS=all npx tsx experiments/figure-1-protocol.ts sensitivity',
    draw: async (folder) => {
      const rows = await readTable<SensitivityRow>(`${folder}/sensitivity.csv`);
      // a table has its truth values as texts
      return sensitivityFigure(rows.map((row) => ({ ...row, found: String(row.found) === 'true' })));
    },
  },
  ...layerFigures,
  {
    figure: 'table-1/channels',
    shows: 'The width of each block of ten lightweight networks, and of ReXNet.',
    command: 'npx tsx experiments/table-1.ts',
    draw: async () => table1Figure(),
  },
  {
    figure: 'table-3/channels',
    shows:
      'The best and the worst channel configuration of each of four searches on CIFAR-100, and others of the same cost.',
    command: 'npx tsx experiments/table-3.ts',
    draw: async (folder) => table3Figure(await readTable<Table3Sample>(`${folder}/samples.csv`)),
  },
  {
    figure: 'scalability/scalability',
    shows:
      'Published accuracy of ReXNet, EfficientNet and other networks against multiply-adds and parameters.',
    command: 'npx tsx experiments/scalability.ts',
    draw: async () => scalabilityFigure(scalabilityPoints()),
  },
  {
    figure: 'latency/latency',
    shows:
      'Published accuracy of ReXNet and EfficientNet against counted multiply-adds and measured latency.',
    command: 'npx tsx experiments/latency.ts',
    draw: async (folder) =>
      latencyFigure(await readTable(`${folder}/latency.csv`), {
        caption:
          'Random weights. All networks in one process, one run of each in turn, on one core of an x86 server.',
      }),
  },
  {
    figure: 'bottlenecks/depth',
    shows: 'Rank along the depth of four untrained networks on random images, with ten seeds each.',
    command: 'npx tsx experiments/bottlenecks.ts',
    draw: (folder) => bottlenecksFigure(folder, 'depth'),
  },
  {
    figure: 'bottlenecks/depth-cifar',
    shows: 'Rank along the depth of the same four networks on images of CIFAR-10.',
    command: 'npx tsx experiments/bottlenecks.ts --inputs cifar-10-batches-bin',
    draw: (folder) => bottlenecksFigure(folder, 'depth-cifar'),
  },
  {
    figure: 'trained/depth',
    shows: 'Rank along the depth of a trained MobileNetV2, and of its random twin.',
    command: 'npx tsx experiments/mobilenet-v2.ts --models MODELS --inputs PATH',
    formats: ['png'],
  },
  {
    figure: 'search/search',
    shows:
      'A search among designs of one budget. The panels show accuracy against evenness, and the channels of the best, middle and worst tenths.',
    command: 'npx tsx experiments/search.ts --data cifar-10-batches-bin',
    draw: keptSearchFigure,
  },
  {
    figure: 'search-a/search',
    shows: 'A search among designs within the budget of search (a) of the paper. The panels are the same.',
    command:
      'npx tsx experiments/search.ts --data cifar-10-batches-bin --like cifar:34-34-45-55-66 --out figures/search-a',
    draw: keptSearchFigure,
  },
  {
    figure: 'search-budgets/comparison',
    shows: 'Accuracy of linear and stage-wise channels at three budgets, after Figure 4 of the paper.',
    command: 'npx tsx experiments/search-budgets.ts --data cifar-10-batches-bin',
    draw: budgetsFigure,
  },
  {
    figure: 'search-budgets/depth',
    shows: 'Rank along the depth of a linear and a stage-wise network, before and after training.',
    command: 'npx tsx experiments/search-budgets.ts --data cifar-10-batches-bin',
    draw: budgetsDepthFigure,
  },
  {
    figure: 'table-2/comparison',
    shows:
      'Accuracy and nuclear norm of four networks, measured and as printed. Each has one factor of the paper’s Table 2 more than the one before.',
    command: 'npx tsx experiments/table-2.ts --data cifar-10-batches-bin',
    draw: table2Figure,
  },
  {
    figure: 'table-2/depth',
    shows: 'Rank at every tap of the four networks of Table 2, before and after training.',
    command: 'npx tsx experiments/table-2.ts --data cifar-10-batches-bin',
    draw: table2DepthFigure,
  },
  {
    figure: 'rank-and-accuracy/rank-accuracy',
    shows: 'Accuracy of trained designs against their effective rank, before and after training.',
    command: 'npx tsx experiments/rank-and-accuracy.ts --searches FOLDERS',
    draw: rankAndAccuracyFigure,
  },
];
