/**
 * Returns the characters of a text, each with the marks and joined characters that are drawn with it. Clusters of the
 * Unicode standard (UAX #29) but for those that no two faces would share; `Intl.Segmenter` keeps the whole text for
 * each of its segments.
 */
export function clustersOf(text: string): string[] {
  return text.match(/\P{M}(?:[\p{M}\p{Emoji_Modifier}]|\u200d\P{M})*|\p{M}+/gu) ?? [];
}

/** Returns the Unicode code points of a text, in their order. */
export function codePointsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0); // no character is empty
}
