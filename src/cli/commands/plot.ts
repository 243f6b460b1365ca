import type { CommandModule } from 'yargs';
import { drawRun } from '../../plots/draw-run.js';
import { readFormats } from '../options/figure-options.js';
import { addOverlayOption } from '../options/overlay-option.js';

/** `rankscope plot RUN`: draws the figures of a run again, from what it kept. */
export const plotCommand: CommandModule<object, { run: string; formats?: string; overlay?: boolean }> = {
  command: 'plot <run>',
  describe: 'Draw the figures of a run again',
  builder: (yargs) =>
    addOverlayOption(yargs)
      .positional('run', { type: 'string', demandOption: true, describe: 'Folder of the run' })
      .option('formats', {
        type: 'string',
        requiresArg: true,
        describe: 'Figure files: svg, png, pdf, html',
        defaultDescription: 'all',
      }),
  handler: async ({ run, formats, overlay }) => {
    const paths = await drawRun(run, { formats: readFormats(formats), overlay });
    process.stdout.write(paths.map((path) => `figure   ${path}\n`).join(''));
  },
};
