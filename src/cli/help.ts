import yargs, { type Argv } from 'yargs';
import { flagOf, flagsOf } from './options/option.js';
import { type Command, type CommandBody, usageOf } from './command.js';

/** Returns the help of the program: its commands. */
export function programHelp(commands: readonly Command[]): Promise<string> {
  const program = page()
    .scriptName('')
    .usage("rankscope <command>\n\nHow much of a layer's width is really used? Numerical ranks of layers.");
  for (const command of commands) program.command(usageOf(command), command.describe);
  return program
    .option('help', { ...helpFlag, alias: 'h' })
    .option('version', { alias: 'v', type: 'boolean', describe: 'Show version number' })
    .epilogue(
      'Each command explains itself: rankscope help COMMAND, or COMMAND --help.\n' +
        'The Tab key completes commands, flags and values in bash and zsh after\n' +
        '  source <(rankscope completion)',
    )
    .getHelp();
}

/** Returns the help of one command. */
export async function commandHelp(command: Command): Promise<string> {
  const body = await command.load();
  // yargs would add [array] [default: []] to several operands
  const usage = usageOf(command).replace('..', '');
  return page([command.name])
    .command(usage, command.describe, (argv) => declare(argv, command, body))
    .getHelp();
}

const helpFlag = { type: 'boolean', describe: 'Show help' } as const;

function page(words: readonly string[] = []): Argv {
  return yargs(words).scriptName('rankscope').wrap(80).version(false).help(false);
}

function declare(argv: Argv, command: Command, { options, examples, operand }: CommandBody): Argv {
  argv.usage(`$0 ${usageOf(command)}\n\n${command.describe}`);
  if (command.operand && operand) argv.positional(command.operand.replace('..', ''), operand);
  for (const [name, { kind, describe, group = 'Options:', ...option }] of Object.entries(options)) {
    argv.option(flagOf(name), {
      describe,
      group,
      // yargs would add [string] to other flags, which is less useful than their descriptions
      type: kind === 'switch' ? 'boolean' : undefined,
      defaultDescription: option.default,
      demandOption: option.required,
    });
  }
  for (const [example, says] of examples) argv.example(`$0 ${example}`, says);
  argv.option('help', { ...helpFlag, group: 'Options:' });
  const lists = Object.entries(options).filter(([, { kind }]) => kind === 'list');
  const both = lists.map(([name, option]) => flagsOf(name, option, options)).find(({ length }) => length > 1);
  if (!both) return argv;
  const names = lists.map(([name]) => `--${flagOf(name)}`).join(', ');
  const either = both.map((flag) => `--${flag}`);
  return argv.epilogue(
    `Lists are joined by commas, or the flag is repeated, in the singular or plural\n(${either.join(', ')}): ${names}.`,
  );
}
