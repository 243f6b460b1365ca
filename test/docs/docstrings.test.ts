import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MAX_WORDS = 20;

/** Returns the first sentence of a docstring. A list, a blank line or a tag ends it too. */
function firstSentence(comment: string): string {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, ''));
  const [paragraph = ''] = lines
    .join('\n')
    .trim()
    .split(/\n(?=\s*\n|- |@)/);
  const text = paragraph.replace(/\s+/g, ' ');
  return /^.*?[.!?](?=\s+[^a-z\s]|$)/.exec(text)?.[0] ?? text;
}

const countWords = (sentence: string) =>
  sentence.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

const files = ['src', 'test', 'bench', 'experiments'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => /\.[mc]?[jt]s$/.test(path) && !path.includes('.generated.')),
);

it('finds the first sentence of a docstring', () => {
  expect(firstSentence('* Returns a rank. It is proved.')).toBe('Returns a rank.');
  expect(firstSentence('*\n * Returns 0.5 of `a.b`, as\n * e.g. here: one\n *\n * More\n')).toBe(
    'Returns 0.5 of `a.b`, as e.g. here: one',
  );
  expect(firstSentence('*\n * The kinds:\n * - `a`: one.\n')).toBe('The kinds:');
});

it('begins every docstring with a sentence of at most 20 words', () => {
  const comments = files.flatMap((path) =>
    Array.from(readFileSync(path, 'utf8').matchAll(/^\s*\/\*(\*[\s\S]*?)\*\//gm), ([, comment = '']) => ({
      path,
      sentence: firstSentence(comment),
    })),
  );
  expect(comments.length).toBeGreaterThan(2000);
  expect(comments.filter(({ sentence }) => countWords(sentence) > MAX_WORDS)).toEqual([]);
});
