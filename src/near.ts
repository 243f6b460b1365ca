import { lastOf } from './lookups.js';

/**
 * Returns the names closest to a misspelt one, at most three. Case and punctuation are ignored, and up to a third of
 * the letters (at most two) may differ. If none is that close, returns the names that begin with the text.
 *
 * @example
 * nearNames('Leaky_Relu', ['relu', 'leaky-relu']); // ['leaky-relu']
 */
export function nearNames(text: string, names: Iterable<string>): string[] {
  const written = letters(text);
  if (written.length === 0 || written.length > 64) return [];
  const max = Math.min(2, Math.floor(written.length / 3));
  const known = [...new Set(names)].map((name) => ({ name, plain: letters(name) }));
  const near = known
    // another first letter of a short word is another word: gpu is not cpu
    .filter(({ plain }) => written.length > 3 || plain[0] === written[0])
    .filter(({ plain }) => Math.abs(plain.length - written.length) <= max)
    .map(({ name, plain }) => ({ name, edits: editDistance(written, plain) }))
    .filter(({ edits }) => edits <= max);
  const min = Math.min(...near.map(({ edits }) => edits));
  const closest = near.filter(({ edits }) => edits === min);
  const longer = known.filter(({ plain }) => written.length >= 3 && plain.startsWith(written));
  return (closest.length > 0 ? closest : longer).slice(0, 3).map(({ name }) => name);
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[\s_\-./]/g, '');
}

/**
 * Returns the number of letters inserted, deleted, replaced or swapped with a neighbour. Levenshtein's distance counts
 * a swap twice.
 */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = above[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped =
        one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? before[j - 2]! + 1 : Infinity;
      row.push(Math.min(row[j - 1]! + 1, above[j]! + 1, replaced, swapped));
    }
    before = above;
    above = row;
  }
  return lastOf(above);
}
