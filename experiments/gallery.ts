/**
 * Every figure of the repository: what it shows, the command that makes it, and how it is drawn from the data beside
 * it. A new figure is one more entry; `npx tsx experiments/draw-gallery.ts` then writes docs/gallery.md, and the tests
 * redraw whatever has a `draw` and compare.
 */
import {
  curveFigure,
  metricFigure,
  protocolCaption,
  readManifest,
  readSummary,
  readTable,
  toleranceFigure,
  type Figure,
  type FigureFormat,
} from 'rankscope';

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

const caption = async (folder: string, tolerances = true) =>
  protocolCaption(await readManifest(folder), tolerances);

const tolerance = async (folder: string) =>
  toleranceFigure(await readTable(`${folder}/tolerance.csv`), {
    title: `Rank ratio over tolerance and dimension ratio, ${protocolOf(folder)} protocol`,
    caption: await caption(folder, false),
  });

const metrics = async (folder: string) =>
  metricFigure(await readTable(`${folder}/metrics.csv`), {
    title: `How much of its width a layer uses, without a tolerance, ${protocolOf(folder)} protocol`,
    caption: await caption(folder, false),
  });

export const gallery: readonly GalleryEntry[] = [
  {
    figure: 'figure-1/curve',
    shows: 'Mean rank ratio of random layers against their dimension ratio, after Figure 1 of the paper.',
    command: 'npm start',
    draw: async (folder) => curveFigure(await readSummary(folder), { caption: await caption(folder) }),
  },
  {
    figure: 'spectra/spectrum',
    shows: 'How the singular values of the features fall, for three dimension ratios.',
    command: 'npx tsx experiments/spectra.ts',
  },
  {
    figure: 'tolerance/paper/tolerance',
    shows: 'Mean rank ratio at 22 tolerances under the paper’s protocol, by dimension ratio.',
    command: 'npx tsx experiments/tolerance.ts',
    draw: tolerance,
  },
  {
    figure: 'tolerance/standard/tolerance',
    shows: 'The same under the standard protocol: normal inputs, batch statistics.',
    command: 'npx tsx experiments/tolerance.ts',
    draw: tolerance,
  },
  {
    figure: 'tolerance/paper/metrics',
    shows: 'Three measures of width in use that need no tolerance, under the paper’s protocol.',
    command: 'npx tsx experiments/tolerance.ts',
    draw: metrics,
  },
  {
    figure: 'tolerance/standard/metrics',
    shows: 'The same under the standard protocol.',
    command: 'npx tsx experiments/tolerance.ts',
    draw: metrics,
  },
];

function protocolOf(folder: string): string {
  return folder.split('/').at(-1)!;
}
