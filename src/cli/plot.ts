import type { CommandModule } from 'yargs';
import { drawRun } from '../plots/draw-run.js';
import { readFormats } from './formats.js';

/** `rankscope plot RUN`: draws the figures of a run again, from what it kept. */
export const plotCommand: CommandModule<object, { run: string; formats?: string }> = {
  command: 'plot <run>',
  describe: 'Draw the figures of a run again',
  builder: (yargs) =>
    yargs
      .positional('run', { type: 'string', demandOption: true, describe: 'Folder of the run' })
      .option('formats', {
        type: 'string',
        requiresArg: true,
        describe: 'Figure files: svg, png, pdf, html',
        defaultDescription: 'all',
      }),
  handler: async ({ run, formats }) => {
    const paths = await drawRun(run, { formats: readFormats(formats) });
    process.stdout.write(paths.map((path) => `figure   ${path}\n`).join(''));
  },
};
