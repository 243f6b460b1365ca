/**
 * Every figure of the repository: what it shows, the command that makes it, and how it is drawn from the data beside
 * it. A new figure is one more entry; `npx tsx experiments/draw-gallery.ts` then writes docs/gallery.md, and the tests
 * redraw whatever has a `draw` and compare.
 */
import type { Figure, FigureFormat } from 'rankscope';

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
];
