import { drawRun, isOverlaid } from '../../report/draw-run.js';
import { mergeRuns } from '../../runs/merge-runs.js';
import type { Run } from '../../runs/run-study.js';
import { commandBody } from '../command.js';
import { figureFlags, overlayOption, readFigureFlags } from '../options/figure-options.js';
import { text, toggle } from '../options/option.js';
import { runReport } from '../text/run-report.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../files/require-file-handles.js';
import { stopOnSignal } from './stop-on-signal.js';

/** `rankscope merge RUN...`: joins the parts of a study that `--shard` measured. */
export const merge = commandBody({
  operand: { describe: 'Folders of the parts' },
  options: {
    out: text('Folder of the run', { required: true }),
    overwrite: toggle('Replace the run that --out holds'),
    overlay: overlayOption,
    ...figureFlags('Figure:'),
  },
  examples: [['merge runs/part-1 runs/part-2 --out runs/whole', '']],
  run: async ({ out, overwrite, ...values }, runs) => {
    const { formats, figure } = readFigureFlags(values);
    requireFileHandles(DRAWING_HANDLES);
    const stop = stopOnSignal('the parts stay as they are');
    let run: Run;
    try {
      run = await mergeRuns(runs, { out, overwrite, signal: stop.signal });
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      process.exitCode = stop.exitCode;
      return;
    } finally {
      stop.release();
    }
    const overlay = values.overlay ?? isOverlaid(run.manifest);
    process.stdout.write(runReport(run, await drawRun(run.folder, { formats, figure, overlay }), overlay));
  },
});
