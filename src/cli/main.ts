#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';

import { plotCommand } from './plot.js';
import { rankCommand } from './rank.js';
import { curveCommand, spectrumCommand } from './run-commands.js';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

await yargs(hideBin(process.argv))
  .scriptName('rankscope')
  .command(curveCommand)
  .command(spectrumCommand)
  .command(plotCommand)
  .command(rankCommand)
  .demandCommand(1, 'missing command: see rankscope --help')
  .strict()
  .wrap(80)
  .fail((message: string | null, error: Error | undefined) => {
    process.stderr.write(`rankscope: ${(error?.message ?? message ?? 'failed').replace(/\s*\n\s*/g, ' ')}\n`);
    process.exit(1);
  })
  .parseAsync();
