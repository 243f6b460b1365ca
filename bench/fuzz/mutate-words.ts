import { nextInteger } from '../../src/random/distributions.js';
import type { Stream } from '../../src/random/stream.js';
import { pick, shuffle } from './choices.js';

/** Returns words that differ in one: another one, another spelling, twice, missing, or in another place. */
export function mutateWords(stream: Stream, words: readonly string[], others: readonly string[]): string[] {
  const at = nextInteger(stream, 0, Math.max(0, words.length - 1));
  const word = words[at] ?? '';
  const put = (...instead: string[]) => words.toSpliced(at, 1, ...instead);
  return pick(stream, [
    () => put(pick(stream, oddWords)),
    () => put(pick(stream, oddWords)),
    () => put(respelt(stream, word)),
    () => put(respelt(stream, word)),
    () => put(retold(stream, word)),
    () => put(),
    () => put(word, word),
    () => put(word, pick(stream, [...oddWords, ...others])),
    () => put(`${word}=${words[at + 1] ?? ''}`),
    () => shuffle(stream, words),
  ])();
}

/** Without a slash: what a program is told to write stays in the folder of its case. */
const oddWords = [
  ...[
    '',
    ' ',
    '-',
    '--',
    '-1',
    '0',
    '-0',
    '+1',
    '0.5',
    '1',
    '2',
    '1e308',
    '1e309',
    '1e-400',
    '9007199254740993',
  ],
  ...[
    'NaN',
    'Infinity',
    'null',
    'undefined',
    'true',
    'false',
    'constructor',
    '__proto__',
    'toString',
    'length',
  ],
  ...[
    'a,b',
    ',',
    ',,',
    ':',
    '::',
    '=',
    '%',
    '100%',
    '0x10',
    '1_000',
    '１',
    '٣',
    '💥',
    '\u202e',
    '\n',
    '*',
    '[a]',
    '.',
  ],
  ...[
    '1:',
    ':1',
    '1:2:3:4',
    '0:0',
    '3:2',
    '0.1:0.5:0.1',
    '1:0:1',
    '0.1:1:1e-9',
    '1-',
    '-1-2',
    '0-0',
    '8-4',
    '4.8M',
    '1e5K',
  ],
  ...[
    'numpy',
    'relative:',
    'relative:1',
    'relative:-0',
    'torch:rtol=',
    'torch:rtol=1,rtol=1',
    'energy:0',
    'file:',
  ],
  ...[
    'file:.',
    'file:matrix.npy',
    'uniform:',
    'uniform:-1',
    'uniform:1e400',
    'd_out+',
    'd_out-1',
    '0x',
    '1e9x',
  ],
  ...[
    '--json',
    '--out',
    '--help',
    '-h',
    '-v',
    'help',
    '--constructor',
    '--__proto__',
    '--no-json',
    '--x.y=1',
    '-xyz',
  ],
  'a'.repeat(5000),
];

/** Returns the word with a letter that is another, missing or twice. */
function respelt(stream: Stream, word: string): string {
  const letters = [...word];
  const at = nextInteger(stream, 0, Math.max(0, letters.length - 1));
  const letter = letters[at] ?? '';
  const other = pick(stream, [...'abxXeE0123456789-+.,:;=_% \té１"\'`$\\{}[]()']);
  letters.splice(
    at,
    1,
    ...pick(stream, [[], [other], [letter, letter], [letter, other], [letter.toUpperCase()]]),
  );
  // a path stays within the folder
  return letters.join('').replace(/^[/\\]+|\.\.+/g, '');
}

/** Returns the word with one of its parts (between commas, colons, hyphens or equals signs) missing, twice or odd. */
function retold(stream: Stream, word: string): string {
  const parts = word.split(/([,:=\-+])/);
  const at = nextInteger(stream, 0, parts.length - 1);
  parts.splice(at, 1, ...pick(stream, [[], [pick(stream, oddWords)], [parts[at]!, parts[at]!]]));
  return parts.join('');
}
