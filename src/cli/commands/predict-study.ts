import { invalid } from '../../errors.js';
import { checkPredicted, drawPrediction, formatUnpredicted } from '../../report/draw-prediction.js';
import { checkFigureFolder } from '../../store/folder/figure-folder.js';
import type { Study } from '../../study/study.js';
import { predictStudy, type StudyPrediction } from '../../theory/predict-study.js';
import type { FigureRequest } from '../options/figure-options.js';
import { flagOf } from '../options/option.js';
import { showProgress } from '../text/progress.js';
import { summaryTable, toleranceLine } from '../text/summary-table.js';
import { newRunFolder } from './new-run-folder.js';
import type { RunValues } from './study-commands.js';

/** Flags that say how layers are measured, which a prediction alone does not do. */
const measuring = ['overwrite', 'partSeconds', 'workers', 'backend', 'engine'] as const;

/** Predicts the curves of a study, draws them and prints their table. */
export async function predictCommand(
  { study, drawing }: { readonly study: Study; readonly drawing: FigureRequest },
  values: RunValues,
): Promise<void> {
  const strange = measuring.find((name) => values[name] !== undefined);
  if (strange !== undefined)
    throw invalid('flag', `--${flagOf(strange)}`, 'only with --layers beside --predict, which draws layers');
  const out = values.out ?? newRunFolder('prediction');
  await checkFigureFolder(out);
  const prediction = withProgress(study);
  checkPredicted(prediction);
  const paths = await drawPrediction(study, prediction, { out, ...drawing, overlay: values.overlay });
  const rows = prediction.points.map(({ rankRatioPredicted, ...key }) => ({
    ...key,
    rankRatioMean: rankRatioPredicted,
  }));
  const lines = [
    summaryTable(rows),
    'rank ratio (rank / channels) by dimension ratio, predicted: no layer was drawn',
    ...toleranceLine(rows),
    ...prediction.unpredicted.map((one) => `not predicted: ${formatUnpredicted(one)}`),
    '',
    ...paths.map((path) => `figure   ${path}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Predicts a study with a progress display; under a protocol with means it takes minutes. */
function withProgress(study: Study): StudyPrediction {
  const begun = performance.now();
  const progress = showProgress('points');
  try {
    return predictStudy(study, (done, total) =>
      progress.update({ done, total, seconds: (performance.now() - begun) / 1000 }),
    );
  } finally {
    progress.end();
  }
}
