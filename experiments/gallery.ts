/**
 * Every figure of the repository: what it shows, the command that makes it, and how it is drawn from the data beside
 * it. A new figure is one more entry; `npx tsx experiments/draw-gallery.ts` then writes docs/gallery.md, and the tests
 * redraw whatever has a `draw` and compare.
 */
import type { Figure, FigureFormat } from 'rankscope';
import { table1Figure, table3Figure } from './channel-figures';

export interface GalleryEntry {
  /** The figure's files below figures/, without their ending. */
  readonly figure: string;
  /** One sentence. */
  readonly shows: string;
  readonly command: string;
  /** Draws the figure from the data in its folder; absent where that needs more than is kept there. */
  readonly draw?: (folder: string) => Promise<Figure>;
  /** @default all */
  readonly formats?: readonly FigureFormat[];
}

export const gallery: readonly GalleryEntry[] = [
  {
    figure: 'figure-1/curve',
    shows: 'Mean rank ratio of random layers against their dimension ratio, after Figure 1 of the paper.',
    command: 'npm start',
  },
  {
    figure: 'spectra/spectrum',
    shows: 'How the singular values of the features fall, for three dimension ratios.',
    command: 'npx tsx experiments/spectra.ts',
  },
  {
    figure: 'table-1/channels',
    shows: 'How wide each block of ten lightweight networks is, beside ReXNet.',
    command: 'npx tsx experiments/table-1.ts',
    draw: async () => table1Figure(),
    formats: ['svg', 'png'],
  },
  {
    figure: 'table-3/channels',
    shows: 'The best and the worst channel configurations of four searches on CIFAR-100.',
    command: 'npx tsx experiments/table-3.ts',
    draw: async () => table3Figure(),
    formats: ['svg', 'png'],
  },
];
