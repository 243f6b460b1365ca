import { parseArgs } from 'node:util';
import { invalid, missing, unknown } from '../../errors.js';
import { nearNames } from '../../near.js';
import { flagOf, flagsOf, type Option, type Options, type OptionValues } from './option.js';

/** The part of a command that defines the parsing of its words. */
interface Readable<O extends Options> {
  readonly name: string;
  readonly options: O;
  /** True if it takes words besides flags: files, networks. */
  readonly hasOperands: boolean;
}

/**
 * Returns the option values and the operands from the words after a command.
 *
 * Every flag with a value may be written `--name value` or `--name=value`; a value that begins with `-` needs `=`,
 * unless it is a number. A list is joined by commas, repeated, or continued in the next words: in all of them if the
 * command has no operands, and otherwise in known values only.
 *
 * @throws RangeError for an unknown flag, a missing or surplus value, or a flag given twice
 */
export function readArguments<O extends Options>(
  command: Readable<O>,
  words: readonly string[],
): { readonly values: OptionValues<O>; readonly operands: readonly string[] } {
  const tokens = tokensOf(command.options, words);
  const strangers = tokens.flatMap(({ kind, index }) =>
    kind === 'option' && findFlag(command.options, words[index]!) === undefined ? [words[index]!] : [],
  );
  if (strangers.length > 0) throw unknownFlags(command, strangers);

  const values = new Map<string, boolean | string | string[]>();
  const operands: string[] = [];
  /** The flag that the next word may belong to, and the index of that word. */
  let open: { readonly flag: Flag; readonly index: number } | undefined;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const word = words[token.index]!;
    if (token.kind === 'positional') {
      if (open?.index !== token.index || !goesOn(open.flag, word, command.hasOperands)) operands.push(word);
      else {
        add(values, open.flag, word);
        open = open.flag.kind === 'list' ? { flag: open.flag, index: token.index + 1 } : undefined;
      }
      continue;
    }
    const flag = findFlag(command.options, word)!;
    if (values.has(flag.name) && flag.kind !== 'list')
      throw invalid('flag', `--${flag.flag}`, 'once; it is given twice');
    const value = flag.kind === 'switch' ? switchValue(flag, token.value) : textValue(flag, token);
    add(values, flag, value);
    const bare = flag.kind === 'switch' && token.value === undefined && !flag.negated;
    const index = token.index + (token.value === undefined || token.inlineValue ? 1 : 2);
    open = bare || flag.kind === 'list' ? { flag, index } : undefined;
  }
  for (const [name, { required }] of Object.entries(command.options)) {
    if (required && !values.has(name)) throw missing('flag', `--${flagOf(name)}`, `see ${helpOf(command)}`);
  }
  const entries = Object.keys(command.options).map((name) => [name, values.get(name)]);
  return { values: Object.fromEntries(entries) as OptionValues<O>, operands };
}

/** Returns the command line that prints a command's help. */
export function helpOf({ name }: { readonly name: string }): string {
  return `rankscope ${name} --help`;
}

interface Flag extends Option {
  readonly name: string;
  readonly flag: string;
  readonly negated: boolean;
}

/** Splits words as POSIX does. */
function tokensOf(options: Options, words: readonly string[]) {
  const types: Record<string, { type: 'boolean' | 'string' }> = {};
  for (const [name, option] of Object.entries(options)) {
    const type = option.kind === 'switch' ? 'boolean' : 'string';
    for (const flag of flagsOf(name, option, options)) types[flag] = { type };
    if (type === 'boolean') types[`no-${flagOf(name)}`] = { type };
  }
  return parseArgs({ args: [...words], options: types, strict: false, tokens: true }).tokens;
}

/** Returns the flag of a word such as `--tap=expand`; a switch also goes by `--no-`. */
function findFlag(options: Options, word: string): Flag | undefined {
  const [, written] = /^--([^=]+)/.exec(word) ?? [];
  for (const [name, option] of Object.entries(options)) {
    const flag = flagOf(name);
    const negated = option.kind === 'switch' && written === `no-${flag}`;
    if (negated || flagsOf(name, option, options).some((own) => own === written))
      return { ...option, name, flag, negated };
  }
  return undefined;
}

function unknownFlags(command: Readable<Options>, words: readonly string[]): RangeError {
  const names = [...new Set(words.map((word) => word.replace(/=.*/s, '')))];
  const flags = Object.entries(command.options).flatMap(([name, option]) =>
    flagsOf(name, option, command.options),
  );
  const near = names.flatMap((name) => nearNames(name, flags)).map((flag) => `--${flag}`);
  const hint = near.length > 0 ? `near: ${near.join(', ')}; ` : '';
  const { message } = unknown(names.length > 1 ? 'flags' : 'flag', names.join(', '), []);
  return new RangeError(message.replace(/\(allowed: \)$/, `(${hint}allowed: see ${helpOf(command)})`));
}

function switchValue({ flag, negated }: Flag, value: string | undefined): boolean {
  if (value !== undefined && negated) throw invalid(`no-${flag}`, value, 'no value');
  if (value !== undefined && value !== 'true' && value !== 'false') throw invalid(flag, value, 'true, false');
  return !negated && value !== 'false';
}

function textValue(
  { flag, values, closed }: Flag,
  { value, inlineValue }: { value?: string | undefined; inlineValue?: boolean | undefined },
): string {
  const needed = closed && values ? `allowed: ${values.join(', ')}` : 'the flag needs one';
  if (value === undefined || value === '') throw missing('value', `--${flag}`, needed);
  if (!inlineValue && /^-(?:-|[^\d.])/.test(value))
    throw missing('value', `--${flag}`, `${needed}; --${flag}=${value} if it is ${value}`);
  return value;
}

/** Returns true if a word continues the value of the flag before it. */
function goesOn({ kind, values = [] }: Flag, word: string, hasOperands: boolean): boolean {
  if (kind === 'switch') return word === 'true' || word === 'false';
  const isKnown = (part: string) => values.some((value) => part === value || part.startsWith(`${value}:`));
  return !hasOperands || word.split(',').every(isKnown);
}

function add(
  values: Map<string, boolean | string | string[]>,
  { name, flag, kind, split = (text) => text.split(','), ...option }: Flag,
  value: boolean | string,
): void {
  if (kind === 'switch') return void values.set(name, value === true || value === 'true');
  const parts = kind === 'text' ? [String(value)] : split(String(value)).map((part) => part.trim());
  if (parts.includes('')) throw invalid(flag, value, 'values joined by commas, none of them empty');
  const { closed, values: allowed = [] } = option;
  const stranger = closed ? parts.find((part) => !allowed.includes(part)) : undefined;
  if (stranger !== undefined)
    throw unknown(kind === 'list' ? flag.replace(/s$/, '') : flag, stranger, allowed);
  const before = values.get(name);
  values.set(name, kind === 'text' ? String(value) : [...(Array.isArray(before) ? before : []), ...parts]);
}
