import { unknown } from '../errors.js';
import { lastOf } from '../lookups.js';
import type { Command, CommandBody } from './command.js';
import { flagOf, flagsOf, type Option } from './options/option.js';

/**
 * Returns the possible completions of a command line's last word. The list is empty if the word is a file.
 * @param words the words after `rankscope`, as the shell splits them (bash also splits at `=`); the last may be empty
 */
export async function complete(commands: readonly Command[], words: readonly string[]): Promise<string[]> {
  const names = commands.map(({ name }) => name);
  const { before, current, prefix } = joined(words);
  const begun = (found: readonly string[]) => found.filter((word) => word.startsWith(current));
  const [first] = before;
  if (first === undefined)
    return begun(
      current.startsWith('-') ? ['--help', '--version'] : [...names, 'completion', 'help', 'version'],
    );
  if (first === 'help') return begun(names);
  if (first === 'completion') return begun(shells);
  const command = commands.find(({ name }) => name === first);
  if (!command) return [];
  const body = await command.load();

  const [, name, part = ''] = /^--([\w-]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined) {
    const found = valuesOf(optionOf(body, name), part);
    return found.map((value) => (prefix === '' ? `--${name}=${value}` : value));
  }
  if (current.startsWith('-')) return begun(openFlags(body, before));
  const last = /^--([\w-]+)$/.exec(lastOf(before))?.[1];
  const option = last === undefined ? undefined : optionOf(body, last);
  if (option && option.kind !== 'switch') return valuesOf(option, current);
  if (body.operand) return begun(body.operand.values ?? []);
  return current === '' ? openFlags(body, before) : [];
}

/** The shells whose scripts `rankscope completion` prints. */
export const shells = ['bash', 'zsh'];

/** Prints the completion script of a shell, by default the shell in use. */
export async function printCompletionScript(shell = /zsh/.exec(process.env.SHELL ?? '')?.[0] ?? 'bash') {
  if (!shells.includes(shell)) throw unknown('shell', shell, shells);
  process.env.SHELL = shell; // read by yargs
  const { default: yargs } = await import('yargs');
  yargs().scriptName('rankscope').showCompletionScript();
}

/** Joins `--name`, `=`, `value`, which bash splits; `prefix` is the part of the current word that the shell keeps. */
function joined(words: readonly string[]): { before: string[]; current: string; prefix: string } {
  const before = [...words];
  const current = before.pop() ?? '';
  if (current === '=' && before.length > 1) return { current: `${before.pop()}=`, before, prefix: '=' };
  if (before.at(-1) !== '=') return { before, current, prefix: '' };
  before.pop();
  return { current: `${before.pop()}=${current}`, before, prefix: '=' };
}

function optionOf({ options }: CommandBody, written: string): Option | undefined {
  return Object.entries(options).find(([name, option]) =>
    flagsOf(name, option, options).includes(written),
  )?.[1];
}

/** Returns the flags that may still be given. */
function openFlags({ options }: CommandBody, before: readonly string[]): string[] {
  const given = new Set(before.map((word) => word.replace(/^--(?:no-)?|=.*$/gs, '')));
  const open = Object.entries(options).filter(
    ([name, { kind }]) => kind === 'list' || !given.has(flagOf(name)),
  );
  const flags = open.flatMap(([name, option]) => {
    const flag = flagOf(name);
    return option.kind === 'switch' && option.default === 'true'
      ? [`--${flag}`, `--no-${flag}`]
      : [`--${flag}`];
  });
  return [...flags, '--help'];
}

/** Returns the values of an option that begin with a text; for a list, only values not yet listed. */
function valuesOf(option: Option | undefined, text: string): string[] {
  const values = option?.values ?? [];
  if (option?.kind === 'switch') return ['true', 'false'].filter((value) => value.startsWith(text));
  if (option?.kind !== 'list') return values.filter((value) => value.startsWith(text));
  const head = text.slice(0, text.lastIndexOf(',') + 1);
  const given = head.split(',');
  return values
    .filter((value) => value.startsWith(text.slice(head.length)) && !given.includes(value))
    .map((value) => head + value);
}
