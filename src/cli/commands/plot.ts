import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { invalid } from '../../errors.js';
import { CURVE_LAYOUTS, type CurveLayout } from '../../plots/curve.js';
import { drawRun } from '../../plots/draw-run.js';
import { drawRuns } from '../../plots/draw-runs.js';
import { readFormats } from '../options/figure-options.js';
import { addOverlayOption } from '../options/overlay-option.js';
import { timestamp } from './timestamp.js';

interface PlotFlags {
  readonly runs: readonly string[];
  readonly formats?: string;
  readonly overlay?: boolean;
  readonly labels?: string;
  readonly layout?: string;
  readonly out?: string;
}

/** `rankscope plot RUN...`: draws the figures of a run again, or the curves of several runs in one figure. */
export const plotCommand: CommandModule<object, PlotFlags> = {
  command: 'plot <runs..>',
  describe: 'Draw the figures of a run again, or several runs in one figure',
  builder: (yargs) =>
    addOverlayOption(yargs)
      .positional('runs', { type: 'string', array: true, demandOption: true, describe: 'Folders of runs' })
      .option('formats', {
        type: 'string',
        requiresArg: true,
        describe: 'Figure files: svg, png, pdf, html',
        defaultDescription: 'all',
      })
      .option('labels', {
        type: 'string',
        requiresArg: true,
        describe: 'What the figure calls the runs, as a,b: one for each',
        defaultDescription: 'the names of their folders',
      })
      .option('layout', {
        type: 'string',
        requiresArg: true,
        describe: `Several runs: ${CURVE_LAYOUTS.join(' or ')} (a panel each, or all in one)`,
        defaultDescription: 'beside',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder of the figure',
        defaultDescription: 'the run; of several runs/plot-DATE-TIME',
      })
      .example('$0 plot runs/a runs/b --labels "seed 0,seed 1" --layout overlaid', ''),
  handler: async ({ runs, formats: given, overlay, labels, layout, out }) => {
    const formats = readFormats(given);
    if (layout !== undefined && !CURVE_LAYOUTS.includes(layout as CurveLayout))
      throw invalid('layout', layout, CURVE_LAYOUTS.join(', '));
    const alone = runs.length === 1;
    const strange = alone
      ? Object.entries({ labels, layout }).find(([, value]) => value !== undefined)
      : undefined;
    if (strange) throw invalid('flag', `--${strange[0]}`, 'only with several runs');
    const paths = alone
      ? await drawRun(runs[0]!, { formats, overlay, ...(out !== undefined && { out }) })
      : await drawRuns(runs, {
          out: out ?? join('runs', `plot-${timestamp()}`),
          formats,
          overlay,
          ...(labels !== undefined && { labels: labels.split(',').map((label) => label.trim()) }),
          ...(layout !== undefined && { layout: layout as CurveLayout }),
        });
    process.stdout.write(paths.map((path) => `figure   ${path}\n`).join(''));
  },
};
