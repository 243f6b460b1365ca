import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invalid, missing } from '../errors.js';
import type { Options, OptionValues } from './options/option.js';
import { helpOf } from './options/read-arguments.js';

/** A command as shown in the list of commands; its body is loaded on demand. */
export interface Command {
  readonly name: string;
  /** The operands besides flags: `file` for one, `runs..` for one or more; absent if there are none. */
  readonly operand?: string | undefined;
  readonly describe: string;
  readonly load: () => Promise<CommandBody>;
}

/** The options and the action of a command. */
export interface CommandBody<O extends Options = Options> {
  readonly operand?:
    | {
        readonly describe: string;
        /** Values that completion offers. */
        readonly values?: readonly string[] | undefined;
      }
    | undefined;
  readonly options: O;
  readonly examples: readonly (readonly [command: string, says: string])[];
  run(values: OptionValues<O>, operands: readonly [string, ...string[]]): Promise<void> | void;
}

/** Returns the body unchanged; its options give the types of the values it runs on. */
export function commandBody<const O extends Options>(body: CommandBody<O>): CommandBody<O> {
  return body;
}

/** Returns the usage of a command without its flags: `merge <runs..>`. */
export function usageOf({ name, operand }: Command): string {
  return operand === undefined ? name : `${name} <${operand}>`;
}

/** Returns the operands after checking their number. */
export function checkOperands(command: Command, words: readonly string[]): [string, ...string[]] {
  const [first, ...others] = words;
  const { operand } = command;
  if (operand === undefined) {
    if (first !== undefined) {
      // a folder after a flag that takes none, as in `--resume runs/first`
      const hint = existsSync(join(first, 'run.json')) ? `--out ${first} --resume continues that run; ` : '';
      throw invalid('argument', first, `${hint}only flags: see ${helpOf(command)}`);
    }
    return [''];
  }
  const thing = operand.replace(/s?\.\.$/, '');
  if (first === undefined) throw missing(thing, 'none given', `see ${helpOf(command)}`);
  if (words.includes('')) throw invalid(thing, '', 'a name');
  if (others.length > 0 && !operand.endsWith('..')) throw invalid(`${thing}s`, words.join(' '), 'one');
  return [first, ...others];
}
