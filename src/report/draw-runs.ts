import { join } from 'node:path';
import { invalid, missing } from '../errors.js';
import { any, flag, maybe, readOptions, strict, textTo, type OptionEntries } from '../schema.js';
import { figure1Points } from '../published/figure-1.js';
import { readManifest } from '../runs/study-run.js';
import { readSummary } from '../runs/read-study.js';
import { curveFigure, type CurveLayout } from '../plots/figures/curve/curve.js';
import { isOverlaid } from './draw-run.js';
import { protocolCaptions } from './protocol-caption.js';
import type { FigureOptions, RatioRangeOption } from '../plots/render/figure.js';
import { writeFigure, type FigureFormat } from '../plots/render/render.js';
import { runLabels } from './run-labels.js';

export interface DrawRunsOptions {
  /** The folder for the figure, as `curve.svg` and so on. */
  readonly out: string;
  /** Labels of the runs in the figure, in their order. @default the names of their folders */
  readonly labels?: readonly string[] | undefined;
  /** Separate panels for each run, or all runs in the same panels. @default 'beside' */
  readonly layout?: CurveLayout | undefined;
  /** @default all formats */
  readonly formats?: readonly FigureFormat[] | undefined;
  /** The words, size and colours of the figure. @default those of `curveFigure` */
  readonly figure?: (FigureOptions & RatioRangeOption) | undefined;
  /** Draw the points of the published figure over the curves. @default true if all runs have its protocol */
  readonly overlay?: boolean | undefined;
}

const drawRunsOptions = strict({
  out: textTo(4096),
  labels: maybe(any<readonly string[]>()),
  layout: maybe(any<CurveLayout>()),
  formats: maybe(any<readonly FigureFormat[]>()),
  figure: maybe(any<NonNullable<DrawRunsOptions['figure']>>()),
  overlay: maybe(flag),
} satisfies OptionEntries<DrawRunsOptions>);

/**
 * Draws the curves of several runs in one figure and returns the paths of its files. Nothing is measured.
 *
 * @throws RangeError if a folder holds no run, or if the numbers of labels and runs differ
 * @example
 * await drawRuns(['runs/a', 'runs/b'], { out: 'runs/a-and-b', labels: ['seed 0', 'seed 1'] });
 */
export async function drawRuns(folders: readonly string[], options: DrawRunsOptions): Promise<string[]> {
  const given = readOptions(drawRunsOptions, options);
  const { out, labels = runLabels(folders), layout, formats, figure, overlay } = given;
  if (labels.length !== folders.length)
    throw invalid('labels', labels.join(', '), `one for each of the ${folders.length} runs`);
  const manifests = await Promise.all(folders.map(readManifest));
  const runs = await Promise.all(
    folders.map(async (folder, i) => ({ label: labels[i]!, rows: await readSummary(folder) })),
  );
  const empty = runs.findIndex(({ rows }) => rows.length === 0);
  if (empty >= 0) throw missing('rows', folders[empty], 'the run is still empty');
  const published = (overlay ?? manifests.every(isOverlaid)) ? figure1Points() : undefined;
  const caption = protocolCaptions(manifests.map((manifest, i) => ({ label: labels[i]!, manifest })));
  return writeFigure(
    curveFigure(runs, { caption, ...figure, published, layout }),
    join(out, 'curve'),
    formats,
  );
}
