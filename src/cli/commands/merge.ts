import { drawRun, isOverlaid } from '../../report/draw-run.js';
import { mergeRuns } from '../../runs/merge-runs.js';
import { isSearch, mergeSearch } from '../../runs/search-run.js';
import type { Run } from '../../runs/run-study.js';
import { commandBody } from '../command.js';
import { figureFlags, overlayOption, readFigureFlags } from '../options/figure-options.js';
import { text, toggle } from '../options/option.js';
import { runReport } from '../text/run-report.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../files/require-file-handles.js';
import { stopOnSignal } from './stop-on-signal.js';

/** `rankscope merge RUN...`: joins the parts of a study or a search that `--shard` measured. */
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
    const merging = { out, overwrite, signal: stop.signal };
    let run: Run;
    try {
      if (await isSearch(runs[0])) {
        const { manifest } = await mergeSearch(runs, merging);
        process.stdout.write(`run      ${out}\n\n${manifest.state}: the rows of ${runs.length} runs\n`);
        return;
      }
      run = await mergeRuns(runs, merging);
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
