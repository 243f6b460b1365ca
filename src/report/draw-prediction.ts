import { join } from 'node:path';
import { missing } from '../errors.js';
import { curveFigure } from '../plots/figures/curve/curve.js';
import type { FigureOptions, RatioRangeOption } from '../plots/render/figure.js';
import { writeFigure, type FigureFormat } from '../plots/render/render.js';
import { figure1Points } from '../published/figure-1.js';
import { presetOf } from '../study/protocol-presets.js';
import type { Study } from '../study/study.js';
import type { StudyPrediction, Unpredicted } from '../theory/predict-study.js';
import { protocolCaption } from './protocol-caption.js';

export interface DrawPredictionOptions {
  /** The folder the figure is written to, as `curve.svg` and so on; its points are `curve.csv`. */
  readonly out: string;
  /** @default all formats */
  readonly formats?: readonly FigureFormat[] | undefined;
  /** The words, size and colours of the figure. @default its own */
  readonly figure?: (FigureOptions & RatioRangeOption) | undefined;
  /** Whether the points of the published figure are drawn over the curves. @default whether the protocol is `fitted` */
  readonly overlay?: boolean | undefined;
}

/**
 * Draws the predicted curves of a study and returns the paths of the files. No layer is drawn.
 * @throws RangeError if nothing of the study can be predicted, with the reasons
 */
export async function drawPrediction(
  study: Study,
  prediction: StudyPrediction,
  { out, formats, figure: look, overlay = presetOf(study.protocol) === 'fitted' }: DrawPredictionOptions,
): Promise<string[]> {
  checkPredicted(prediction);
  const caption = `${predictionCaption(study)} ${unpredictedSentence(prediction)}`.trim();
  const published = overlay ? figure1Points() : undefined;
  const figure = curveFigure([], { predicted: prediction.points, caption, ...look, published });
  return writeFigure(figure, join(out, 'curve'), formats);
}

/** @throws RangeError if a prediction has no point, with the reasons */
export function checkPredicted({ points, unpredicted }: StudyPrediction): void {
  if (points.length > 0) return;
  throw missing('prediction', 'no point', unpredicted.map(formatUnpredicted).join('; '));
}

/** Returns a sentence on the missing parts of a figure and the reasons, or an empty text. */
export function unpredictedSentence({ unpredicted }: StudyPrediction): string {
  return unpredicted.length === 0 ? '' : `Not predicted: ${unpredicted.map(formatUnpredicted).join('; ')}.`;
}

/** Returns what is not predicted, with the reason in brackets. */
export function formatUnpredicted({ part, reason }: Unpredicted): string {
  return `${part} (${reason})`;
}

/** The protocol without the seed, on which a prediction does not depend. */
function predictionCaption(study: Study): string {
  const layers = { done: 0, total: 0 };
  return protocolCaption({ study, state: 'complete', layers } as Parameters<
    typeof protocolCaption
  >[0]).replace(`; seed ${study.seed}`, '');
}
