import { invalid, unknown } from '../../errors.js';

/** The flags that may be repeated. */
const lists: readonly string[] = ['blocks', 'activations', 'ratios', 'tap', 'tolerance'];

/**
 * Checks what yargs would let pass: a command that is none, a flag that is there twice, and a switch with a value that is
 * neither true nor false.
 */
export function checkWords(words: readonly string[]): void {
  const [first] = words;
  const commands = ['curve', 'spectrum', 'plot', 'merge', 'rank', 'network', 'design', 'latency'];
  if (first !== undefined && !first.startsWith('-') && !commands.includes(first)) {
    throw unknown('command', first, commands);
  }
  const seen = new Set<string>();
  for (const word of words) {
    const [, name] = /^--([a-z][a-z-]*)(?:=|$)/.exec(word) ?? [];
    if (name !== undefined && seen.has(name) && !lists.includes(name))
      throw invalid('flag', `--${name}`, 'once; it is given twice');
    if (name !== undefined) seen.add(name);
    const [, flag = '', value] =
      /^--(?:no-)?(shortcut|spectra|metrics|overwrite|resume|json|csv|spectrum|by-block|elementwise|rank|skip-broken|description|at-most)=(.*)$/.exec(
        word,
      ) ?? [];
    if (value !== undefined && value !== 'true' && value !== 'false')
      throw invalid(flag, value, 'true, false');
  }
}
