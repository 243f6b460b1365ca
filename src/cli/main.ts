#!/usr/bin/env node
import yargs, { type Argv, type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { messageOf } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { checkWords } from './options/check-words.js';
import { withNearFlags } from './options/near-flags.js';

// A reader that has seen enough (`| head`) and a terminal that was closed are no failures.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

const runCommands = () => import('./commands/study-commands.js');

/** What yargs says of a command line that does not fit, in the words of the other errors. */
const plainWords = {
  'Unknown argument: %s': {
    one: 'unknown argument: %s (allowed: see --help)',
    other: 'unknown arguments: %s (allowed: see --help)',
  },
  'Missing required argument: %s': {
    one: 'missing argument: --%s (see --help)',
    other: 'missing arguments: %s (see --help)',
  },
  'Not enough arguments following: %s': 'missing value: --%s (the flag needs one)',
};

try {
  checkWords(hideBin(process.argv));
  await yargs(hideBin(process.argv))
    .scriptName('rankscope')
    .usage("How much of a layer's width is really used? Numerical ranks of layers.")
    .command(
      later('curve', 'Draw rank ratio against dimension ratio for random layers', async () => {
        return (await runCommands()).curveCommand;
      }),
    )
    .command(
      later('spectrum', 'Draw the singular-value spectra of random layers', async () => {
        return (await runCommands()).spectrumCommand;
      }),
    )
    .command(
      later(
        'plot <runs..>',
        'Draw the figures of a run again, or several runs in one figure',
        async () => (await import('./commands/plot.js')).plotCommand,
      ),
    )
    .command(
      later('merge <runs..>', 'Join the parts of a study, measured with --shard, to one run', async () => {
        return (await import('./commands/merge.js')).mergeCommand;
      }),
    )
    .command(
      later('rank <file>', 'Measure the numerical rank of a matrix in a file', async () => {
        return (await import('./commands/rank.js')).rankCommand;
      }),
    )
    .command(
      later(
        'network <name..>',
        'Print the layers of a network with their sizes and costs, or ranks',
        async () => {
          return (await import('./commands/network.js')).networkCommand;
        },
      ),
    )
    .command(
      later('design', 'Find the channels of a network that meet a budget', async () => {
        return (await import('./commands/design.js')).designCommand;
      }),
    )
    .command(
      later('latency <names..>', 'Measure how long networks take', async () => {
        return (await import('./commands/latency.js')).latencyCommand;
      }),
    )
    .demandCommand(1, 'missing command: see rankscope --help')
    .strict()
    .wrap(80)
    .updateStrings(plainWords as never)
    .fail((message: string | null, error: Error | undefined, usage: unknown) => {
      throw error ?? new RangeError(withNearFlags(message ?? 'failed', usage));
    })
    .parseAsync();
} catch (error) {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const said = code === 'EMFILE' ? reasonOf(error) : messageOf(error);
  const message = said.replace(
    /^Not enough non-option arguments.*/,
    `missing ${{ rank: 'file', network: 'network', latency: 'network' }[process.argv[2]!] ?? 'run'}: none given (see rankscope ${process.argv[2]} --help)`,
  );
  process.stderr.write(`rankscope: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  process.exit(1);
}

/**
 * A command whose module is loaded when it is called: tensors and databases take a second to load, which `rank`
 * need not wait for.
 */
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
