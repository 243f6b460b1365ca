#!/usr/bin/env node
import { messageOf, missing, printable, unknown } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { packageVersion } from '../package-version.js';
import { checkOperands, type Command } from './command.js';
import { commands } from './commands.js';
import { readArguments } from './options/read-arguments.js';

/** Words in place of a command that concern the program itself. */
const aboutItself = ['completion', 'help', 'version'];

// A reader that stops early (`| head`) and a closed terminal are not failures.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') fail(`output cannot be written: ${reasonOf(error)}`);
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const said = code === 'EMFILE' ? reasonOf(error) : messageOf(error);
  fail(printable(said.replace(/\s*\n\s*/g, ' ')));
}

function fail(said: string): never {
  process.stderr.write(`rankscope: ${said}\n`);
  process.exit(1);
}

async function main(words: readonly string[]): Promise<void> {
  const [first, second] = words;
  // called by the scripts of `rankscope completion`, with the whole command line
  if (first === '--get-yargs-completions') return printCompletions(words.slice(2));
  if (first === 'completion' && !asks(words, 'help')) {
    const { printCompletionScript } = await import('./complete.js');
    return printCompletionScript(second);
  }
  if (first === undefined || first === 'help' || asks(words, 'help')) return printHelp(words);
  if (first === 'version' || asks(words, 'version')) return print(packageVersion('rankscope'));

  const command = commandIn(words);
  if (command === undefined) throw missing('command', 'none given', 'see rankscope --help');
  const { options, run } = await command.load();
  const at = words.indexOf(command.name);
  const own = words.filter((_, i) => i !== at);
  const { values, operands } = readArguments(
    { ...command, options, hasOperands: command.operand !== undefined },
    own,
  );
  await run(values, checkOperands(command, operands));
}

/** Returns true if any of the words asks for help or the version. */
function asks(words: readonly string[], flag: 'help' | 'version'): boolean {
  const end = words.indexOf('--');
  return words
    .slice(0, end < 0 ? undefined : end)
    .some((word) => word === `--${flag}` || word === `-${flag[0]}`);
}

/** Returns the command named by the first word, or by one after flags; undefined if there are only flags. */
function commandIn(words: readonly string[]): Command | undefined {
  const isName = (word: string) => commands.some(({ name }) => name === word);
  const plain = words.filter((word) => !word.startsWith('-'));
  const named = words[0]?.startsWith('-') ? (plain.find(isName) ?? plain[0]) : plain[0];
  if (named !== undefined && !isName(named))
    throw unknown('command', named, [...commands.map(({ name }) => name), ...aboutItself]);
  return commands.find(({ name }) => name === named);
}

async function printHelp(words: readonly string[]): Promise<void> {
  const { commandHelp, programHelp } = await import('./help.js');
  const command = commandIn(words.filter((word) => !aboutItself.includes(word)));
  print(await (command ? commandHelp(command) : programHelp(commands)));
}

async function printCompletions(words: readonly string[]): Promise<void> {
  const { complete } = await import('./complete.js');
  // only the script for zsh says where the cursor is; zsh takes `a:b` for a word and its description
  const isZsh = process.env.COMP_CWORD !== undefined;
  for (const word of await complete(commands, words)) print(isZsh ? word.replaceAll(':', '\\:') : word);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
