import { join } from 'node:path';
import { invalid } from '../../errors.js';
import { CURVE_LAYOUTS } from '../../plots/figures/curve/curve.js';
import { drawKeptRun } from '../../report/draw-kept-run.js';
import { drawRuns } from '../../report/draw-runs.js';
import { checkFigureFolder } from '../../store/folder/figure-folder.js';
import { commandBody } from '../command.js';
import { figureFlags, overlayOption, readFigureFlags } from '../options/figure-options.js';
import { choice, list, text, toggle } from '../options/option.js';
import { timestamp } from './new-run-folder.js';

/** `rankscope plot RUN...`: draws the figures of a run again, or the curves of several runs in one figure. */
export const plot = commandBody({
  operand: { describe: 'Folders of runs' },
  options: {
    overlay: overlayOption,
    predict: toggle('Draw the curves that theory predicts, and the measured means as marks'),
    layer: text('Layer of a run of weights: draw its spectrum'),
    labels: list('Names of the runs in the figure, one per run: a,b', {
      default: 'the names of their folders',
    }),
    layout: choice(
      `Several runs: ${CURVE_LAYOUTS.join(' or ')} (a panel each, or all in one)`,
      CURVE_LAYOUTS,
      { default: 'beside' },
    ),
    ...figureFlags('Figure:'),
    out: text('Folder of the figure', { default: 'the run; of several runs/plot-DATE-TIME' }),
  },
  examples: [
    ['plot runs/pointwise --formats svg,html', ''],
    ['plot runs/pointwise --formats pdf --width 252 --font-size 7 --theme print', ''],
    ['plot runs/pointwise --predict', ''],
    ['plot runs/weights --layer "*conv1*"', ''],
    ['plot runs/a runs/b --labels "seed 0,seed 1" --layout overlaid', ''],
  ],
  run: async (values, runs) => {
    const { overlay, predict, labels, layer, layout, out } = values;
    const { formats, figure } = readFigureFlags(values);
    const [first, ...others] = runs;
    const alone = others.length === 0;
    const strange = alone
      ? Object.entries({ labels, layout }).find(([, value]) => value !== undefined)
      : undefined;
    if (strange) throw invalid('flag', `--${strange[0]}`, 'only with several runs');
    for (const [flag, value] of Object.entries({ predict: predict || undefined, layer }))
      if (!alone && value !== undefined) throw invalid('flag', `--${flag}`, 'only with one run');
    const several = out ?? join('runs', `plot-${timestamp()}`);
    if (!alone) await checkFigureFolder(several);
    else if (out !== undefined) await checkFigureFolder(out, first);
    const paths = alone
      ? await drawKeptRun(first, {
          formats,
          figure,
          out,
          layer,
          study: { overlay, predict: predict === true },
        })
      : await drawRuns(runs, {
          out: several,
          formats,
          figure,
          overlay,
          ...(labels !== undefined && { labels }),
          ...(layout !== undefined && { layout }),
        });
    process.stdout.write(paths.map((path) => `figure   ${path}\n`).join(''));
  },
});
