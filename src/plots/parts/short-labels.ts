import { drawableName } from './drawable-names.js';

/** The maximum width of a legend's label, in pixels at its font size of 12. */
export const LABEL_WIDTH = 140;

/**
 * Returns a label for each text: on one line, no wider than `width`, no two the same. Long ones are shortened in the
 * middle. Those that are then the same are shortened where they differ; those that are the same altogether, or look
 * the same, are numbered.
 *
 * Widths are estimated: a figure is described before any font is read.
 */
export function shortLabels(texts: readonly string[], width = LABEL_WIDTH, fontSize = 12): string[] {
  const room = width / fontSize;
  const names = texts.map((text) => [...oneLine(text)]);
  let labels = names.map((name) => cutMiddle(name, room));
  labels = labels.map((label, i) => {
    const alike = names.filter((_, other) => labels[other] === label);
    if (alike.length < 2) return label;
    const common = alike.reduce((length, name) => Math.min(length, commonLength(alike[0]!, name)), Infinity);
    return common < names[i]!.length ? cutAround(names[i]!, common, room) : label;
  });
  const taken = new Set<string>();
  return labels.map((label, i) => {
    let own = label;
    for (let number = 2; taken.has(visible(own)); number++) {
      const ending = ` (${number})`;
      own = cutMiddle(names[i]!, room - widthOf([...ending])) + ending;
    }
    taken.add(visible(own));
    return drawableName(own);
  });
}

/** Returns the approximate width of a text in the figures' font, in pixels. */
export function labelPixels(text: string, fontSize = 12): number {
  return widthOf([...text]) * fontSize;
}

/** Returns a text without signs of no width, such as a zero-width space. */
function visible(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, '');
}

/**
 * Replaces line breaks, tabs and other signs that are not drawn by blanks; an empty name says so. Letters with marks
 * become one character.
 */
function oneLine(text: string): string {
  const line = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
  return visible(line) === '' ? '(no name)' : line;
}

const ELLIPSIS = '…';

function cutMiddle(name: readonly string[], room: number): string {
  if (widthOf(name) <= room) return name.join('');
  const left = room - widthOf([ELLIPSIS]);
  const head = fitting(name, left / 2);
  const tail = fitting([...name].reverse(), left - widthOf(head)).reverse();
  return `${head.join('').trimEnd()}${ELLIPSIS}${withoutMarks(tail).join('').trimStart()}`;
}

/** Returns the beginning, and the part after the common beginning of several names. */
function cutAround(name: readonly string[], common: number, room: number): string {
  const from = Math.max(0, common - 1);
  const left = room - 2 * widthOf([ELLIPSIS]);
  const head = fitting(name.slice(0, from), left / 3);
  const rest = withoutMarks(name.slice(from));
  if (widthOf(rest) <= left - widthOf(head) + widthOf([ELLIPSIS]))
    return `${head.join('')}${ELLIPSIS}${rest.join('')}`;
  return `${head.join('')}${ELLIPSIS}${fitting(rest, left - widthOf(head)).join('')}${ELLIPSIS}`;
}

/** The first characters that fit. */
function fitting(name: readonly string[], room: number): string[] {
  let width = 0;
  const end = name.findIndex((character) => (width += widthOf([character])) > room);
  return name.slice(0, end < 0 ? undefined : end);
}

/** A mark without its letter would stand on the dots. */
function withoutMarks(name: readonly string[]): readonly string[] {
  return /^[\p{M}\u200d]/u.test(name[0] ?? '') ? withoutMarks(name.slice(1)) : name;
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((character, i) => character !== b[i]);
  return at < 0 ? a.length : at;
}

/** In ems, on the safe side. */
function widthOf(characters: readonly string[]): number {
  return characters.reduce((sum, character) => sum + ems(character), 0);
}

function ems(character: string): number {
  if (character < '\u0300') {
    if (/[iljtfrI1.,:;|!'()[\] ]/.test(character)) return 0.34;
    if (/[mwMW@%…]/.test(character)) return 0.86;
    return /[A-Z]/.test(character) ? 0.64 : 0.54;
  }
  if (/[\p{M}\p{Cf}]/u.test(character)) return 0;
  if (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u.test(
      character,
    )
  )
    return 1;
  return /\p{Emoji_Presentation}/u.test(character) || character === ELLIPSIS ? 1.1 : 0.66;
}
