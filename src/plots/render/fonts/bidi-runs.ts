/**
 * Returns the parts of a line in their order from left to right, each to be read one way. PDF needs this, since it
 * knows no directions. Words that read from right to left change places, with what stands between them; numbers and
 * Latin words within them do not turn. The line as a whole reads from left to right.
 *
 * It is the outer part of the Unicode bidirectional algorithm (UAX #9): one level of embedding, as names need.
 */
export function visualParts(text: string): string[] {
  if (!RIGHT_TO_LEFT.test(text)) return [text];
  // what begins and ends with a letter that reads from right to left, without a letter of the other kind
  return text.split(STRETCH).flatMap((part, i) => (i % 2 === 0 ? part || [] : turned(part)));
}

const R = '\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}';
const RIGHT_TO_LEFT = new RegExp(`[${R}]`, 'u');
/** A stretch: from the first such letter to the last before a letter of the other direction. */
const STRETCH = new RegExp(`([${R}](?:[^\\p{L}]*[${R}\\p{M}])*\\p{M}*)`, 'u');

/** Words, numbers and blanks, last first; brackets mirrored. */
function turned(stretch: string): string[] {
  const parts = stretch.match(new RegExp(`[${R}\\p{M}]+|\\p{N}[\\p{N}.,:/]*|[^]`, 'gu')) ?? [];
  return parts.reverse().map((part) => MIRRORED[part] ?? part);
}

const MIRRORED: Readonly<Record<string, string>> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '<': '>',
  '>': '<',
};
