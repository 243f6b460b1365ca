import { join } from 'node:path';
import {
  any,
  flag,
  listOf,
  maybe,
  oneOf,
  orElse,
  readOptions,
  strict,
  textTo,
  type OptionEntries,
} from '../schema.js';
import { figure1Points } from '../published/figure-1.js';
import { readManifest, type Manifest } from '../runs/study-run.js';
import { readCumulativePoints, readSpectrumPoints, readThresholds } from '../runs/spectrum-points.js';
import { readSummary } from '../runs/read-study.js';
import { presetOf } from '../study/protocol-presets.js';
import { curveFigure } from '../plots/figures/curve/curve.js';
import { predictStudy } from '../theory/predict-study.js';
import type { Figure, FigureOptions, RatioRangeOption } from '../plots/render/figure.js';
import { checkPredicted, unpredictedSentence } from './draw-prediction.js';
import { protocolCaption } from './protocol-caption.js';
import { writeFigure, type FigureFormat } from '../plots/render/render.js';
import { spectrumFigure } from '../plots/figures/spectrum/spectrum.js';

export type FigureName = (typeof figureNames)[number];
const figureNames = ['curve', 'spectrum'] as const;

export interface DrawRunOptions {
  /** The figures to draw. @default `curve`, and `spectrum` if the run kept spectra */
  readonly figures?: readonly FigureName[] | undefined;
  /**
   * The file formats of each figure.
   * @default all formats
   */
  readonly formats?: readonly FigureFormat[] | undefined;
  /** The words, size and colours of each figure; `ratioRange` is for the curves. @default those of the figures */
  readonly figure?: (FigureOptions & RatioRangeOption) | undefined;
  /**
   * Draw the points of the published figure over the curves.
   * @default whether the run's protocol is the preset `fitted`
   */
  readonly overlay?: boolean | undefined;
  /**
   * The folder for the figures.
   * @default the run's
   */
  readonly out?: string | undefined;
  /**
   * Whether the curves are the predictions for the run's study, with the measured means as marks.
   * @default false
   */
  readonly predict?: boolean | undefined;
}

const drawRunOptions = strict({
  figures: maybe(listOf(oneOf(figureNames), figureNames.length, 0)),
  formats: maybe(any<readonly FigureFormat[]>()),
  figure: maybe(any<NonNullable<DrawRunOptions['figure']>>()),
  overlay: maybe(flag),
  out: maybe(textTo(4096)),
  predict: orElse(flag, false),
} satisfies OptionEntries<DrawRunOptions>);

/**
 * Draws the figures of a run into its folder and returns the paths of the files. They are drawn from its summary and
 * saved spectra; nothing is measured again.
 *
 * @throws RangeError for an unknown option or figure, if the folder holds no valid run, or no spectra for a spectrum
 * figure
 * @example
 * await drawRun('runs/first', { formats: ['svg'] });
 */
export async function drawRun(folder: string, options: DrawRunOptions = {}): Promise<string[]> {
  const { overlay, out = folder, predict, ...given } = readOptions(drawRunOptions, options);
  const manifest = await readManifest(folder);
  const figures = given.figures ?? (manifest.study.spectra ? ['curve', 'spectrum'] : ['curve']);
  const caption = protocolCaption(manifest);
  const published = (overlay ?? isOverlaid(manifest)) ? figure1Points() : undefined;
  const paths: string[] = [];
  for (const name of figures) {
    const figure =
      name === 'curve'
        ? curveFigure(await readSummary(folder), {
            ...predictedOf(manifest, predict, caption),
            ...given.figure,
            published,
          })
        : await spectra(folder, manifest, { caption, ...withoutRange(given.figure) });
    paths.push(...(await writeFigure(figure, join(out, name), given.formats)));
  }
  return paths;
}

/** Returns the caption and, if requested, the predicted points of a run. */
function predictedOf({ study }: Manifest, predict: boolean, caption: string) {
  if (!predict) return { caption };
  const prediction = predictStudy(study);
  checkPredicted(prediction);
  return {
    caption: `${caption} ${unpredictedSentence(prediction)}`.trim(),
    predicted: prediction.points,
  };
}

/** Spectra have no axis of rank ratios. */
function withoutRange({ ratioRange: _, ...others }: FigureOptions & RatioRangeOption = {}): FigureOptions {
  return others;
}

/**
 * The default of `overlay`: true if the run has the protocol that was fitted to the published figure.
 */
export function isOverlaid({ study }: Manifest): boolean {
  return presetOf(study.protocol) === 'fitted';
}

/** Maximum number of dimension ratios side by side in a spectrum figure. */
const RATIOS_ACROSS = 3;

/**
 * Returns the spectrum figure of a run. Of many dimension ratios the first, one in the middle and the last are drawn.
 */
async function spectra(folder: string, { study }: Manifest, options: FigureOptions): Promise<Figure> {
  const count = Math.min(RATIOS_ACROSS, study.ratios.length);
  const ratios = Array.from(
    { length: count },
    (_, i) => study.ratios[Math.floor((i * (study.ratios.length - 1)) / Math.max(1, count - 1))],
  );
  const shown = ({ dimensionRatio }: { dimensionRatio: number }) => ratios.includes(dimensionRatio);
  const points = (await readSpectrumPoints(folder)).filter(shown);
  return spectrumFigure(points, (await readCumulativePoints(folder)).filter(shown), {
    ...options,
    tolerances: await readThresholds(folder),
  });
}
