import { join } from 'node:path';
import { invalid } from '../../errors.js';
import { CURVE_LAYOUTS } from '../../plots/figures/curve/curve.js';
import { drawRun } from '../../report/draw-run.js';
import { drawRuns } from '../../report/draw-runs.js';
import { checkFigureFolder } from '../../store/folder/figure-folder.js';
import { commandBody } from '../command.js';
import { figureFlags, overlayOption, readFigureFlags } from '../options/figure-options.js';
import { choice, list, text, toggle } from '../options/option.js';
import { timestamp } from './timestamp.js';

/** `rankscope plot RUN...`: draws the figures of a run again, or the curves of several runs in one figure. */
export const plot = commandBody({
  operand: { describe: 'Folders of runs' },
  options: {
    overlay: overlayOption,
    predict: toggle('Draw the lines that theory predicts, and the measured means as marks'),
    labels: list('Names of the runs in the figure, as a,b: one for each', {
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
    ['plot runs/a runs/b --labels "seed 0,seed 1" --layout overlaid', ''],
  ],
  run: async (values, runs) => {
    const { overlay, predict, labels, layout, out } = values;
    const { formats, figure } = readFigureFlags(values);
    const [first, ...others] = runs;
    const alone = others.length === 0;
    const strange = alone
      ? Object.entries({ labels, layout }).find(([, value]) => value !== undefined)
      : undefined;
    if (strange) throw invalid('flag', `--${strange[0]}`, 'only with several runs');
    if (!alone && predict === true) throw invalid('flag', '--predict', 'only with one run');
    const several = out ?? join('runs', `plot-${timestamp()}`);
    if (!alone) await checkFigureFolder(several);
    else if (out !== undefined) await checkFigureFolder(out, first);
    const paths = alone
      ? await drawRun(first, {
          formats,
          figure,
          overlay,
          predict: predict === true,
          ...(out !== undefined && { out }),
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
