/**
 * Every figure of the repository: what it shows, the command that makes it, and how it is drawn from the data beside
 * it. A new figure is one more entry; `npx tsx experiments/draw-gallery.ts` then writes docs/gallery.md, and the tests
 * redraw whatever has a `draw` and compare.
 */
import {
  claimFigure,
  comparisonFigure,
  curveFigure,
  paperClaims,
  metricFigure,
  protocolCaption,
  readManifest,
  readSummary,
  readTable,
  toleranceFigure,
  type Figure,
  type FigureFormat,
} from 'rankscope';

import { theoryPanels } from './theory-panels';
import { protocolNames, type ProtocolName } from './protocols';

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

const protocolWords: Readonly<Record<ProtocolName, string>> = {
  paper: 'the paper’s protocol',
  standard: 'the standard protocol: normal inputs, batch statistics',
};

const forEachProtocol = (entry: (name: ProtocolName, words: string) => GalleryEntry) =>
  protocolNames.map((name) => entry(name, protocolWords[name]));

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
  ...forEachProtocol((name, words) => ({
    figure: `tolerance/tolerance-${name}`,
    shows: `Mean rank ratio at 23 tolerances by dimension ratio, under ${words}.`,
    command: 'npx tsx experiments/tolerance.ts',
    draw: async (folder) =>
      toleranceFigure(await readTable(`${folder}/tolerance-${name}.csv`), {
        title: `Rank ratio over tolerance and dimension ratio, ${name} protocol`,
        caption: await caption(`${folder}/${name}`, false),
      }),
  })),
  ...forEachProtocol((name, words) => ({
    figure: `tolerance/metrics-${name}`,
    shows: `Three measures of the width in use that need no tolerance, under ${words}.`,
    command: 'npx tsx experiments/tolerance.ts',
    draw: async (folder) =>
      metricFigure(await readTable(`${folder}/metrics-${name}.csv`), {
        title: `How much of its width a layer uses, without a tolerance, ${name} protocol`,
        caption: await caption(`${folder}/${name}`, false),
      }),
  })),
  {
    figure: 'claims/claims',
    shows:
      'Where each of the paper’s claims holds, where it is reversed, and where nothing is to be seen of it.',
    command: 'npx tsx experiments/claims.ts',
    draw: async (folder) =>
      claimFigure(paperClaims, await readTable(`${folder}/claims.csv`), {
        caption:
          'Rows: the paper’s protocol and the standard one, and each with one choice changed. Columns: tolerances ' +
          'relative to the largest singular value, the fewest singular values that hold a share of Σσ² or Σσ, and ' +
          'two metrics without a tolerance, each divided by the channels. Simultaneous 95% intervals (Bonferroni).',
      }),
  },
  {
    figure: 'theory/theory',
    shows:
      'Four predictions beside random layers: rank bounds, and channels that never fire or are never clipped.',
    command: 'npx tsx experiments/theory.ts',
    draw: async (folder) => comparisonFigure(theoryPanels, await readTable(`${folder}/theory.csv`)),
  },
];
