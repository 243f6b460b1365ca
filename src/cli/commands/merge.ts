import type { CommandModule } from 'yargs';
import { drawRun, isOverlaid } from '../../plots/draw-run.js';
import { FIGURE_FORMATS } from '../../plots/render.js';
import { mergeRuns } from '../../store/merge-runs.js';
import type { Run } from '../../store/run-study.js';
import { readFormats } from '../options/figure-options.js';
import { addOverlayOption } from '../options/overlay-option.js';
import { runReport } from '../text/run-report.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../files/require-file-handles.js';
import { stopOnSignal } from './stop-on-signal.js';

interface MergeArguments {
  runs: string[];
  out: string;
  overwrite?: boolean;
  formats?: string;
  overlay?: boolean;
}

/** `rankscope merge RUN...`: joins the parts of a study that `--shard` measured. */
export const mergeCommand: CommandModule<object, MergeArguments> = {
  command: 'merge <runs..>',
  describe: 'Join the parts of a study, measured with --shard, to one run',
  builder: (yargs) =>
    addOverlayOption(yargs)
      .positional('runs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folders of the parts',
      })
      .option('out', { type: 'string', requiresArg: true, demandOption: true, describe: 'Folder of the run' })
      .option('overwrite', { type: 'boolean', describe: 'Replace the run that --out holds' })
      .option('formats', {
        type: 'string',
        requiresArg: true,
        describe: `Figure files: ${FIGURE_FORMATS.join(', ')}`,
        defaultDescription: 'all',
      })
      .example('$0 merge runs/part-1 runs/part-2 --out runs/whole', ''),
  handler: async ({ runs, out, overwrite, formats, ...argv }) => {
    const wanted = readFormats(formats);
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
    const overlay = argv.overlay ?? isOverlaid(run.manifest);
    process.stdout.write(runReport(run, await drawRun(run.folder, { formats: wanted, overlay }), overlay));
  },
};
