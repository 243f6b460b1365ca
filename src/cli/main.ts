#!/usr/bin/env node
import yargs, { type Argv, type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

await yargs(hideBin(process.argv))
  .scriptName('rankscope')
  .usage("How much of a layer's width is really used? Numerical ranks of layers.")
  .command(
    later(
      'curve',
      'Draw rank ratio against dimension ratio for random layers',
      async () => (await import('./run-commands.js')).curveCommand,
    ),
  )
  .command(
    later(
      'spectrum',
      'Draw the singular-value spectra of random layers',
      async () => (await import('./run-commands.js')).spectrumCommand,
    ),
  )
  .command(
    later(
      'plot <run>',
      'Draw the figures of a run again',
      async () => (await import('./plot.js')).plotCommand,
    ),
  )
  .command(
    later(
      'merge <runs..>',
      'Join the parts of a study, measured with --shard, to one run',
      async () => (await import('./merge.js')).mergeCommand,
    ),
  )
  .command(
    later(
      'rank <file>',
      'Measure the numerical rank of a matrix in a file',
      async () => (await import('./rank.js')).rankCommand,
    ),
  )
  .demandCommand(1, 'missing command: see rankscope --help')
  .strict()
  .wrap(80)
  .fail((message: string | null, error: Error | undefined) => {
    process.stderr.write(`rankscope: ${(error?.message ?? message ?? 'failed').replace(/\s*\n\s*/g, ' ')}\n`);
    process.exit(1);
  })
  .parseAsync();

/** A command whose module is loaded when it is called: tensors and databases take a second that `rank` need not wait. */
function later(command: string, describe: string, load: () => Promise<unknown>): CommandModule {
  return {
    command,
    describe,
    builder: async (argv: Argv) => {
      const { builder } = (await load()) as CommandModule;
      return typeof builder === 'function' ? builder(argv) : argv;
    },
    handler: async (argv) => ((await load()) as CommandModule).handler(argv),
  };
}
